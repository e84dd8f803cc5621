# SPDX-License-Identifier: Apache-2.0
"""The cases that every HTTP proxy has to pass."""
from kit import CA, PROXY, THIS_HOST, TLS, proxy_url, refusing_port


async def check(kit, open_proxy, wants_password, closed=503, wrong=407):
    """open_proxy, wants_password: daemons; closed, wrong: what the proxy answers when nobody
    listens at the port, and to a wrong password."""
    plain, secure = await kit.echo_server(), await kit.echo_server("good")
    by = ("--proxy", proxy_url(open_proxy.port))
    await kit.expect("ws", 0, "echo: Hello", f"ws://127.0.0.1:{plain}/", *by)
    await kit.expect("wss", 0, "TLS 1.3", f"wss://127.0.0.1:{secure}/", *by, "--ca", CA)
    await kit.expect("wss to a name", 0, "TLS 1.3", f"wss://localhost:{secure}/", *by, "--ca", CA)
    await kit.until("the proxy knows of the connection", lambda: f"127.0.0.1:{plain}" in open_proxy.traffic())
    environment = {"http_proxy": by[1], "https_proxy": by[1]}
    large = await kit.echo_server()
    await kit.expect("the proxy of the environment, 4 MB in pieces", 0, "is the same", f"ws://{THIS_HOST}:{large}/",
                     "--bytes", "4000001", program="stream_upload", env=environment)
    await kit.until("the proxy of the environment was asked", lambda: f"{THIS_HOST}:{large}" in open_proxy.traffic())
    await kit.expect("no proxy in spite of the environment", 0, "echo: Hello", f"ws://{THIS_HOST}:{plain}/",
                     "--proxy", "none", env={"http_proxy": proxy_url(refusing_port())})

    await kit.expect("an unknown authority behind the proxy", TLS, "unknown authority",
                     f"wss://127.0.0.1:{await kit.echo_server('unknown')}/", *by, "--ca", CA)
    await kit.expect("nobody listens behind the proxy", PROXY, f"status {closed}",
                     f"ws://127.0.0.1:{refusing_port()}/", *by)
    await kit.expect("no proxy is there", PROXY, "refused", f"ws://127.0.0.1:{plain}/",
                     "--proxy", proxy_url(refusing_port()))

    for scheme, port in (("ws", plain), ("wss", secure)):
        url = f"{scheme}://127.0.0.1:{port}/"
        for case, who, status in (("no password", "", 407), ("a wrong password", "user:wrong", wrong),
                                  ("a wrong name", "other:secret", wrong)):
            await kit.expect(f"{scheme}, {case}", PROXY, f"stage proxy, status {status}", url,
                             "--proxy", proxy_url(wants_password.port, who), "--ca", CA)
        await kit.expect(f"{scheme}, the password", 0, "echo: Hello", url,
                         "--proxy", proxy_url(wants_password.port, "user:secret"), "--ca", CA)
