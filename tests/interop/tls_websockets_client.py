#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Python's websockets over TLS as a client of examples_c/echo_server.

    tls_websockets_client.py PATH_OF_ECHO_SERVER [...]

TLS 1.2 and 1.3: echoes, fragments, a ping, the closing handshake; a client that
does not trust the certificate; one that says nothing; and a polite stop.
"""
import asyncio
import os
import signal
import ssl
import sys

import websockets

DEADLINE = 50  # seconds for everything
CERTS = os.environ["WS_TEST_CERTS"]


def context(version, authority="ca"):
    c = ssl.create_default_context(cafile=f"{CERTS}/{authority}.pem")
    c.minimum_version = c.maximum_version = version
    return c


async def expect_echo(connection, message, sent=None):
    """Sends message (or sent, which makes the same message) and checks the echo."""
    await connection.send(message if sent is None else sent)
    answer = await connection.recv()
    assert type(answer) is type(message), (type(answer), type(message))
    assert answer == message, f"{len(answer)} bytes that differ from the {len(message)} sent"


async def talk(url, version):
    async with websockets.connect(url, ssl=context(version), compression=None, max_size=None) as connection:
        spoken = connection.transport.get_extra_info("ssl_object").version()
        assert spoken == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version], spoken
        await expect_echo(connection, "Grüße, 世界 \U0001f30d")
        await expect_echo(connection, b"")
        for size in (125, 126, 16383, 16384, 16385, 65536, 1 << 20, 5 << 20):
            await expect_echo(connection, bytes(i * 31 >> 3 & 255 for i in range(4096)) * (size // 4096) + b"x" * (size % 4096))
        await expect_echo(connection, b"abc" * 1000, iter([b"abc"] * 1000))
        await (await connection.ping(b"are you there?"))
        for n in range(500):  # many on their way at once
            await connection.send(f"message {n}")
        for n in range(500):
            assert await connection.recv() == f"message {n}"
        await connection.close(3001, "interop is over")
        assert (connection.close_code, connection.close_reason) == (3001, "interop is over")


async def distrusts(url):
    try:
        async with websockets.connect(url, ssl=context(ssl.TLSVersion.TLSv1_3, "other-ca")):
            raise AssertionError("connected to a server that is not trusted")
    except ssl.SSLCertVerificationError:
        pass


async def told_to_go(url, server):
    """A client that is connected when the server stops is told 1001."""
    async with websockets.connect(url, ssl=context(ssl.TLSVersion.TLSv1_3), compression=None) as connection:
        await expect_echo(connection, "still here")
        server.send_signal(signal.SIGTERM)
        try:
            await connection.recv()
            raise AssertionError("a message instead of the end")
        except websockets.ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == 1001, closed


async def main():
    server = await asyncio.create_subprocess_exec(
        sys.argv[1], "--port", "0", "--cert", f"{CERTS}/good-cert.pem", "--key", f"{CERTS}/good-key.pem",
        stdout=asyncio.subprocess.PIPE)
    try:
        line = (await server.stdout.readline()).decode()
        assert line.startswith("listening on wss://127.0.0.1:"), line
        url = line.removeprefix("listening on ").strip()
        silent = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            await talk(url, version)
            await asyncio.gather(*(talk(url, version) for _ in range(3)))
        await distrusts(url)
        await talk(url.replace("127.0.0.1", "localhost"), ssl.TLSVersion.TLSv1_3)
        await told_to_go(url, server)
        status = await server.wait()
        assert status == 0, f"echo_server ended with status {status}"
        silent[1].close()
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


asyncio.run(asyncio.wait_for(main(), DEADLINE))
print("TLS 1.2 and 1.3, all as they should be")
