#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""microsocks (SOCKS5) between client_options and echo_server, with and without a password."""
from kit import CA, PROXY, THIS_HOST, TLS, main, proxy_url, refusing_port


async def microsocks(kit, *options):
    return await kit.daemon(lambda port: ("microsocks", "-i", "127.0.0.1", "-p", str(port), *options))


async def script(kit):
    plain, secure = await kit.echo_server(), await kit.echo_server("good")
    free, guarded = await microsocks(kit), await microsocks(kit, "-u", "user", "-P", "secret")
    by = ("--ca", CA, "--proxy", proxy_url(free.port, scheme="socks5"))
    await kit.expect("ws", 0, "echo: Hello", f"ws://127.0.0.1:{plain}/", *by)
    await kit.expect("wss", 0, "TLS 1.3", f"wss://127.0.0.1:{secure}/", *by)
    await kit.expect("wss to a name, which the proxy resolves", 0, "TLS 1.3", f"wss://localhost:{secure}/", *by)
    await kit.until("the proxy has connected to it", lambda: f"connected to localhost:{secure}" in free.said())
    await kit.expect("a password that nobody asks for", 0, "echo: Hello", f"ws://127.0.0.1:{plain}/",
                     "--proxy", proxy_url(free.port, "user:secret", "socks5"))
    large = await kit.echo_server()
    await kit.expect("the proxy of the environment, 4 MB in pieces", 0, "is the same", f"ws://{THIS_HOST}:{large}/",
                     "--bytes", "4000001", program="stream_upload", env={"all_proxy": by[-1]})
    await kit.until("the proxy has connected to it", lambda: f"connected to {THIS_HOST}:{large}" in free.said())
    await kit.expect("an unknown authority behind the proxy", TLS, "unknown authority",
                     f"wss://127.0.0.1:{await kit.echo_server('unknown')}/", *by)
    await kit.expect("nobody listens behind the proxy", PROXY, "connection was refused",
                     f"ws://127.0.0.1:{refusing_port()}/", *by)
    await kit.expect("no proxy is there", PROXY, "refused", f"ws://127.0.0.1:{plain}/",
                     "--proxy", proxy_url(refusing_port(), scheme="socks5"))
    for scheme, port in (("ws", plain), ("wss", secure)):
        url = f"{scheme}://127.0.0.1:{port}/"
        for case, who, says in (("no password", "", "wants authentication"),
                                ("a wrong password", "user:wrong", "does not take user name and password"),
                                ("a wrong name", "other:secret", "does not take user name and password")):
            await kit.expect(f"{scheme}, {case}", PROXY, f"stage proxy, .*{says}", url, "--ca", CA,
                             "--proxy", proxy_url(guarded.port, who, "socks5"))
        await kit.expect(f"{scheme}, the password", 0, "echo: Hello", url, "--ca", CA,
                         "--proxy", proxy_url(guarded.port, "user:secret", "socks5"))


main(script)
