#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""stunnel in front of echo_server: it speaks TLS for it, and with other settings for the client.
Certificates that the client must refuse, and one that it must show."""
import reverse_proxy
from kit import CA, CERTS, TLS, main


async def stunnel(kit, connect, *lines):
    def command(port):
        return "stunnel4", kit.write(f"stunnel-{port}.conf", "\n".join((
            "foreground = yes", "pid =", "debug = 5", "syslog = no", "[one]", f"accept = 127.0.0.1:{port}",
            f"connect = 127.0.0.1:{connect}", *lines, "")))
    return (await kit.daemon(command)).port


def shows(name):
    return f"cert = {CERTS}/{name}-cert.pem", f"key = {CERTS}/{name}-key.pem"


async def script(kit):
    echo = await kit.echo_server()
    await reverse_proxy.check(kit, None, await stunnel(kit, echo, *shows("good")))
    old = await stunnel(kit, echo, *shows("good"), "sslVersion = TLSv1.2")
    await kit.expect("TLS 1.2 only", 0, "TLS 1.2", f"wss://localhost:{old}/", "--ca", CA)
    for name, says in (("expired", "has expired"), ("wrong-name", "for another name"),
                       ("unknown", "unknown authority")):
        port = await stunnel(kit, echo, *shows(name))
        await kit.expect(f"certificate: {name}", TLS, says, f"wss://localhost:{port}/", "--ca", CA)

    port = await stunnel(kit, echo, *shows("good"), "requireCert = yes", "verifyChain = yes", f"CAfile = {CA}")
    url = f"wss://localhost:{port}/"
    ours, strange = (("--cert", f"{CERTS}/{name}-cert.pem", "--key", f"{CERTS}/{name}-key.pem")
                     for name in ("client", "unknown-client"))
    await kit.expect("a client without the certificate that is demanded", TLS, "certificate|reset", url, "--ca", CA)
    await kit.expect("a client with one of another authority", TLS, "issuer|authority|reset", url, "--ca", CA, *strange)
    await kit.expect("a client with the right one", 0, "echo: Hello", url, "--ca", CA, *ours)

    secure = await kit.echo_server("good")
    port = await stunnel(kit, secure, "client = yes", f"CAfile = {CA}", "verifyChain = yes", "checkHost = localhost")
    await kit.expect("ws, which stunnel makes wss", 0, "no TLS", f"ws://localhost:{port}/")


main(script)
