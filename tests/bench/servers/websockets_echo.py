# SPDX-License-Identifier: Apache-2.0
"""websockets_echo.py - an echo server with Python's websockets:

    websockets_echo.py PORT [deflate | fanout] [CERTIFICATE KEY]

fanout: what one client sends goes to all.
"""
import asyncio
import logging
import ssl
import sys

import websockets


async def echo(socket):
    async for message in socket:
        await socket.send(message)


everybody = set()


async def fanout(socket):
    everybody.add(socket)
    try:
        async for message in socket:
            websockets.broadcast(everybody, message)
    finally:
        everybody.discard(socket)


async def main(port, *rest):
    compression, tls, handler = None, None, echo
    if rest[:1] == ("fanout",):
        handler, rest = fanout, rest[1:]
    if rest[:1] == ("deflate",):
        compression, rest = "deflate", rest[1:]
    if rest:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*rest)
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    async with websockets.serve(handler, "127.0.0.1", int(port), ssl=tls, compression=compression, max_size=None, backlog=4096):
        await asyncio.Future()


asyncio.run(main(*sys.argv[1:]))
