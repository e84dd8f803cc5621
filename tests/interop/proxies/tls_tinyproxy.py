#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""tinyproxy between client_options and echo_server, with and without a password."""
import http_proxy
from kit import PROXY, main, proxy_url


async def tinyproxy(kit, *lines):
    def command(port):
        return "tinyproxy", "-d", "-c", kit.write(f"tinyproxy-{port}.conf", "\n".join((
            f"Port {port}", "Listen 127.0.0.1", "Timeout 30", "MaxClients 20", "LogLevel Connect", *lines, "")))
    daemon = await kit.daemon(command)
    daemon.traffic = daemon.said
    return daemon


async def script(kit):
    # tinyproxy answers 407 when there is no password, but 401 to a wrong one.
    await http_proxy.check(kit, await tinyproxy(kit), await tinyproxy(kit, "BasicAuth user secret"),
                           closed=500, wrong=401)
    strict = await tinyproxy(kit, "ConnectPort 443")
    await kit.expect("a port that the proxy forbids", PROXY, "status 403", f"ws://127.0.0.1:{await kit.echo_server()}/",
                     "--proxy", proxy_url(strict.port))


main(script)
