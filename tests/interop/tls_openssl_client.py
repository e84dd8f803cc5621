#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""openssl s_client as a raw client of examples_c/echo_server.

    tls_openssl_client.py PATH_OF_ECHO_SERVER

TLS 1.2 and 1.3, key updates in the middle of a conversation, a client that goes
without close_notify, and one that asks for a version that is too old.
"""
import asyncio
import os
import struct
import sys

DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / os.cpu_count()))  # seconds for everything
CERTS = os.environ["WS_TEST_CERTS"]
REQUEST = (b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")


def frame(first, payload):
    """A frame of a client; the mask is 0, which leaves the payload as it is."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", first, 0x80 | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", first, 0x80 | 127, size)
    return head + bytes(4) + payload


async def read_frame(stream):
    first, size = struct.unpack("!BB", await stream.readexactly(2))
    if size == 126:
        size, = struct.unpack("!H", await stream.readexactly(2))
    elif size == 127:
        size, = struct.unpack("!Q", await stream.readexactly(8))
    return first, await stream.readexactly(size)


async def s_client(port, *options):
    # Quiet, so that stdout has the data only; commands at the start of a write stay.
    return await asyncio.create_subprocess_exec(
        "openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", f"{CERTS}/ca.pem", "-verify_return_error",
        "-verify_ip", "127.0.0.1", "-quiet", "-no_ign_eof", *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=1 << 21)


async def upgraded(port, *options):
    client = await s_client(port, *options)
    client.stdin.write(REQUEST)
    head = await client.stdout.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 "), head
    return client


def binary(size):
    """Bytes above 127: openssl would take a letter at the start of a read for a command."""
    return (bytes(range(128, 255)) * (size // 127 + 1))[:size]


async def echo(client, payload):
    client.stdin.write(frame(0x82, payload))
    answer = await read_frame(client.stdout)
    assert answer == (0x82, payload), f"{answer[0]:#x} with {len(answer[1])} bytes for {len(payload)}"


async def update(client, command):
    """Sends a key update; K asks the server for one, too."""
    client.stdin.write(command + b"\n")
    while await client.stderr.readline() != b"KEYUPDATE\n":
        assert not client.stderr.at_eof(), "openssl has gone"


async def close(client):
    client.stdin.write(frame(0x88, struct.pack("!H", 1000)))
    assert await read_frame(client.stdout) == (0x88, struct.pack("!H", 1000))
    assert await client.stdout.read() == b""  # the server ends the stream
    assert await client.wait() == 0, "openssl did not see close_notify"


async def main():
    server = await asyncio.create_subprocess_exec(
        sys.argv[1], "--port", "0", "--cert", f"{CERTS}/good-cert.pem", "--key", f"{CERTS}/good-key.pem",
        stdout=asyncio.subprocess.PIPE)
    try:
        port = int((await server.stdout.readline()).decode().rsplit(":", 1)[1])
        for version in ("-tls1_2", "-tls1_3"):
            client = await upgraded(port, version)
            for size in (0, 1, 125, 126, 4096, 65536, 300_000):
                await echo(client, binary(size))
            await close(client)

        client = await upgraded(port, "-tls1_3")
        for command in (b"K", b"k", b"K", b"K", b"k"):
            await update(client, command)
            for size in (1, 20_000):
                await echo(client, binary(size))
        await close(client)

        gone = [await upgraded(port, version) for version in ("-tls1_2", "-tls1_3")]
        for client in gone:
            await echo(client, b"before the end")
            client.kill()  # the kernel ends TCP, nobody says close_notify
            await client.wait()

        old = await s_client(port, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        _, said = await old.communicate()
        assert old.returncode != 0 and b"protocol version" in said, said

        client = await upgraded(port, "-tls1_3")  # the server is as it was
        await echo(client, b"after all that")
        await close(client)
        server.terminate()
        status = await server.wait()
        assert status == 0, f"echo_server ended with status {status}"
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


asyncio.run(asyncio.wait_for(main(), DEADLINE))
print("openssl, all as it should be")
