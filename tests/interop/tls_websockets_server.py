#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Python's websockets over TLS as the server of interop_client.

    tls_websockets_server.py [...] PATH_OF_INTEROP_CLIENT

TLS 1.2 and 1.3, by name and by address; and a client that does not trust the
certificate, which must say so.
"""
import asyncio
import os
import ssl
import sys

import websockets

DEADLINE = 50  # seconds for everything
CERTS = os.environ["WS_TEST_CERTS"]
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


async def client(*arguments):
    process = await asyncio.create_subprocess_exec(sys.argv[-1], *arguments, stderr=asyncio.subprocess.PIPE)
    try:
        _, said = await process.communicate()
        return process.returncode, said.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def main():
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{CERTS}/good-cert.pem", f"{CERTS}/good-key.pem")
        context.minimum_version = context.maximum_version = version
        async with websockets.serve(handle, "127.0.0.1", 0, ssl=context, max_size=None) as server:
            port = server.sockets[0].getsockname()[1]
            for host in ("localhost", "127.0.0.1"):
                status, said = await client(f"wss://{host}:{port}/path?query", f"{CERTS}/ca.pem")
                assert status == 0, f"interop_client ended with status {status}: {said}"
            status, said = await client(f"wss://localhost:{port}/", f"{CERTS}/other-ca.pem")
            assert status == 1 and "unknown authority" in said, (status, said)
    # The server's end waits for its handlers.
    assert closes == [(3001, "interop is over")] * 4, closes


asyncio.run(asyncio.wait_for(main(), DEADLINE))
print("TLS 1.2 and 1.3, all as they should be")
