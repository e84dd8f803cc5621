#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A link between the examples and echo_server that delays, cuts, resets and goes dead."""
import asyncio

from kit import CA, CONNECT, PROXY, TIMEOUT, TLS, UPGRADE, main, proxy_url


async def lost_and_back(kit, case, url, link, lose, *options, says="^close 1006, not for long"):
    """A client that says something before and after lose(); what it says meanwhile comes, too."""
    client = await kit.talk("reconnect", url, "--ca", CA, "--delay", "20", *options)
    await client.hear("^open")
    client.say("before")
    await client.hear("^message before")
    link.refuses = True  # so that it is without a connection for a while
    lose()
    await client.hear(says)
    await client.hear("^try 2 ")
    client.say("meanwhile")
    link.refuses = False
    await client.hear("^open, connected again 1 times")
    await client.hear("^message meanwhile")
    client.say("after")
    await client.hear("^message after")
    status, said = await client.end()
    assert status == 0 and "close 1000" in said, (status, said)
    print(f"{case}: as it should be", flush=True)


async def each(kit, scheme, port):
    url = lambda link: f"{scheme}://localhost:{link.port}/"
    slow = await kit.link(port)
    slow.delay, slow.piece = 0.002, 7
    await kit.expect(f"{scheme}, 7 bytes each 2 ms", 0, "echo: Hello", url(slow), "--ca", CA)
    slow.delay, slow.piece = 0.02, 16384
    await kit.expect(f"{scheme}, 16 KB each 20 ms", 0, "is the same", url(slow), "--ca", CA, "--bytes", "300001",
                     program="stream_upload")

    link = await kit.link(port)
    await lost_and_back(kit, f"{scheme}, cut", url(link), link, link.cut)
    await lost_and_back(kit, f"{scheme}, reset", url(link), link, lambda: link.cut(hard=True))
    await lost_and_back(kit, f"{scheme}, dead, found out by a ping", url(link), link, link.forget, "--ping", "150",
                        says="^error .*no sign of life for 150 ms after a ping")

    torn = await kit.link(port)
    torn.limit = 1_000_000
    await kit.expect(f"{scheme}, reset inside a large message", 1, "reset|ended|broken", url(torn), "--ca", CA,
                     "--bytes", "30000000", program="stream_upload")

    dead = await kit.link(port)
    dead.frozen = True
    await kit.expect(f"{scheme}, dead from the first byte", TIMEOUT, "handshake_timeout_ms of 200 ms", url(dead),
                     "--ca", CA, "--timeout", "200")
    gone = await kit.link(port)
    gone.limit = 0
    await kit.expect(f"{scheme}, reset at the first byte", TLS if scheme == "wss" else UPGRADE, "ended|reset",
                     url(gone), "--ca", CA)
    refusing = await kit.link(port)
    refusing.refuses = True
    client = await kit.talk("reconnect", url(refusing), "--ca", CA, "--delay", "1", "--tries", "3")
    await client.hear("^error gave up connecting after 3 tries")
    status, _ = await client.end()
    assert status == 1 and refusing.count == 4, (status, refusing.count)
    print(f"{scheme}, gives up: as it should be", flush=True)

    proxy = await kit.link(port)  # a proxy that never says a word, and one that hangs up
    proxy.frozen = True
    await kit.expect(f"{scheme}, a proxy that is dead", TIMEOUT, "handshake_timeout_ms of 200 ms", url(link),
                     "--proxy", proxy_url(proxy.port), "--timeout", "200")
    for kind in ("http", "socks5"):
        await kit.expect(f"{scheme}, a {kind} proxy that resets", PROXY, "ended|reset", url(link),
                         "--proxy", proxy_url(gone.port, scheme=kind))


async def over_a_unix_socket(kit, port):
    path = kit.path("socket")
    link = await kit.link(port, path)
    await kit.expect("a Unix socket", 0, "echo: Hello", f"{path}:/path?query=1", "--unix")
    link.limit = 0
    await kit.expect("a Unix socket, cut at the first byte", UPGRADE, "ended|reset", path, "--unix")
    await kit.expect("no Unix socket is there", CONNECT, "stage connect", kit.path("none"), "--unix")


async def script(kit):
    plain = await kit.echo_server()
    await over_a_unix_socket(kit, plain)
    await asyncio.gather(each(kit, "ws", plain), each(kit, "wss", await kit.echo_server("good")))


main(script)
