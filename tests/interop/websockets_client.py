#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Python's websockets as a client of examples_c/echo_server.

    websockets_client.py PATH_OF_ECHO_SERVER [...]

Checks echoes of every kind of message, fragments, pings and the closing
handshake, then stops the server by SIGTERM: it must end with status 0.
"""
import asyncio
import signal
import sys

import websockets

DEADLINE = 40  # seconds for everything


async def expect_echo(connection, message, sent=None):
    """Sends message (or sent, which makes the same message) and checks the echo."""
    await connection.send(message if sent is None else sent)
    answer = await connection.recv()
    assert type(answer) is type(message), (type(answer), type(message))
    assert answer == message, f"{len(answer)} bytes that differ from the {len(message)} sent"


async def talk(url):
    async with websockets.connect(url, compression=None, max_size=None) as connection:
        await expect_echo(connection, "Hello")
        await expect_echo(connection, "Grüße, 世界 \U0001f30d")
        await expect_echo(connection, bytes(range(256)))
        await expect_echo(connection, "")
        await expect_echo(connection, b"")
        for size in (125, 126, 65535, 65536, 1 << 20):
            await expect_echo(connection, "t" * size)
            await expect_echo(connection, bytes(i * 31 >> 3 & 255 for i in range(size)))
        await expect_echo(connection, "fragmented Grüße", iter(["frag", "ment", "ed ", "Grüß", "e"]))
        await expect_echo(connection, b"abc" * 1000, iter([b"abc"] * 1000))
        await (await connection.ping(b"are you there?"))
        for n in range(200):  # many on their way at once
            await connection.send(f"message {n}")
        for n in range(200):
            assert await connection.recv() == f"message {n}"
        await connection.close(3001, "interop is over")
        # What the server answered with.
        assert connection.close_code == 3001, connection.close_code
        assert connection.close_reason == "interop is over", connection.close_reason

    # With permessage-deflate offered: the server may decline, and does.
    async with websockets.connect(url) as connection:
        assert connection.extensions == [], connection.extensions
        await expect_echo(connection, "uncompressed " * 100)


async def told_to_go(url, server):
    """A client that is connected when the server stops is told 1001."""
    async with websockets.connect(url, compression=None) as connection:
        await expect_echo(connection, "still here")
        server.send_signal(signal.SIGTERM)
        try:
            await connection.recv()
            raise AssertionError("a message instead of the end")
        except websockets.ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == 1001, closed


async def main():
    server = await asyncio.create_subprocess_exec(sys.argv[1], "--port", "0", stdout=asyncio.subprocess.PIPE)
    try:
        line = (await server.stdout.readline()).decode()
        assert line.startswith("listening on ws://127.0.0.1:"), line
        url = line.removeprefix("listening on ").strip()
        await talk(url)
        await asyncio.gather(*(talk(url) for _ in range(3)))
        await told_to_go(url, server)
        status = await server.wait()
        assert status == 0, f"echo_server ended with status {status}"
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


asyncio.run(asyncio.wait_for(main(), DEADLINE))
print("all echoes, pings and closes as they should be")
