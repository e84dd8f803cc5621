#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Python's websockets as the server of interop_client.

    websockets_server.py [...] PATH_OF_INTEROP_CLIENT

Echoes, answers "fragments" with a fragmented message and a ping in between,
and checks how the client closes. The client checks what it gets itself.
"""
import asyncio
import sys

import websockets

DEADLINE = 40  # seconds for everything
closes = []


async def handle(connection):
    try:
        async for message in connection:
            if message == "fragments":
                pong = await connection.ping(b"between")
                await connection.send(iter(["one ", "two ", "three"]))
                await pong
            else:
                await connection.send(message)
    except websockets.ConnectionClosed:
        pass  # 3001 is no normal end for websockets; what it was is checked below
    finally:
        closes.append((connection.close_code, connection.close_reason))


async def main():
    async with websockets.serve(handle, "127.0.0.1", 0, max_size=None) as server:
        port = server.sockets[0].getsockname()[1]
        for _ in range(3):
            client = await asyncio.create_subprocess_exec(sys.argv[-1], f"ws://127.0.0.1:{port}/path?query")
            try:
                status = await client.wait()
                assert status == 0, f"interop_client ended with status {status}"
            finally:
                if client.returncode is None:
                    client.kill()
                    await client.wait()
    # The server's end waits for its handlers.
    assert closes == [(3001, "interop is over")] * 3, closes


asyncio.run(asyncio.wait_for(main(), DEADLINE))
print("three clients, all as they should be")
