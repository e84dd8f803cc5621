#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""haproxy in front of echo_server: ws and wss, over wss to the server, and servers that are down."""
import reverse_proxy
from kit import CERTS, UPGRADE, main, refusing_port

CONFIGURATION = """
global
    noreuseport # else it shares the port of another
defaults
    mode http
    timeout connect 5s
    timeout client 20s
    timeout server 20s
    timeout tunnel {tunnel}
frontend all
    bind 127.0.0.1:{plain}
    bind 127.0.0.1:{secure} ssl crt {directory}/good.pem
    use_backend down if {{ path /down }}
    use_backend secure if {{ path /secure }}
    default_backend echo
backend echo
    server one 127.0.0.1:{echo}
backend secure
    server one 127.0.0.1:{secure_echo} ssl verify required ca-file {certs}/ca.pem
backend down
    server one 127.0.0.1:{nobody}
"""


async def script(kit):
    kit.write("good.pem", "".join(open(f"{CERTS}/good-{part}.pem").read() for part in ("cert", "key")))
    echo, secure_echo = await kit.echo_server(), await kit.echo_server("good")

    async def haproxy(tunnel):
        def command(plain, secure):
            return "haproxy", "-db", "-f", kit.write(f"haproxy-{plain}.conf", CONFIGURATION.format(
                tunnel=tunnel, directory=kit.directory, certs=kit.certs, plain=plain, secure=secure, echo=echo,
                secure_echo=secure_echo, nobody=refusing_port()))
        return await kit.daemon(command, ports=2)
    plain, secure = (await haproxy("20s")).ports
    await reverse_proxy.check(kit, plain, secure)
    await kit.expect("wss on both sides", 0, "echo: Hello", f"wss://localhost:{secure}/secure",
                     "--ca", f"{CERTS}/ca.pem")
    await kit.expect("the server is down", UPGRADE, "stage upgrade, status 503", f"ws://localhost:{plain}/down")

    # haproxy ends what is silent for 1 s.
    impatient = await haproxy("1s")
    for url in (f"ws://localhost:{impatient.ports[0]}/", f"wss://localhost:{impatient.ports[1]}/"):
        await reverse_proxy.connects_again(kit, url)


main(script)
