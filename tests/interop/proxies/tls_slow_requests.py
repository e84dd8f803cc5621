#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""slowhttptest sends 200 request heads that never end: each is ended, and others are served
meanwhile."""
import asyncio

from kit import main


async def script(kit):
    port = await kit.server("echo_server", "--handshake-timeout", "1500")
    slow = asyncio.create_task(kit.run("/usr/bin/slowhttptest", "-H", "-c", "200", "-r", "200", "-i", "1", "-l", "20", "-p", "15",
                                       "-u", f"http://127.0.0.1:{port}/"))
    while not slow.done():
        await kit.expect("a good client meanwhile", 0, "echo: Hello", f"ws://127.0.0.1:{port}/")
    status, said = await slow
    said = said.replace("\x1b", "")
    assert status == 0 and "No open connections left" in said, said
    assert "YES" in said and "NO" not in said.rsplit("service available", 1)[1], said
    print("all slow ones were ended", flush=True)


main(script)
