#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""websockets on asyncio in both roles; see talk.py. Its client offers permessage-deflate,
which echo_server declines unless WS_PEER_COMPRESS is set."""
import asyncio
import contextlib
import os

import websockets

import talk


class Session:
    def __init__(self, ws):
        self._ws = ws

    async def send(self, message):
        await self._ws.send(message)

    async def send_bad_text(self):
        await self._ws.write_frame(True, 0x1, b"bad \xff")

    async def send_parts(self, parts):
        async def with_a_ping():
            yield parts[0]
            pong = await self._ws.ping(b"between")
            for p in parts[1:-1]:
                yield p
            await pong
            yield parts[-1]
        await self._ws.send(with_a_ping())

    async def receive(self):
        try:
            return await self._ws.recv()
        except websockets.ConnectionClosed as closed:
            end = closed.rcvd
            raise talk.End(*(end.code, end.reason) if end else (1006,)) from None

    async def close(self, code, reason):
        if code:
            await self._ws.close(code, reason)
        else:  # it has no way to say nothing: the frame by hand, and the library hears the answer
            await self._ws.write_frame(True, 0x8, b"")
        try:
            while True:
                await self.receive()
        except talk.End as end:
            return end


@contextlib.asynccontextmanager
async def dial(url, context):
    async with websockets.connect(url, ssl=context, max_size=None) as ws:
        assert bool(ws.extensions) == ("WS_PEER_COMPRESS" in os.environ), ws.extensions
        yield Session(ws)


async def server(context):
    async with websockets.serve(lambda ws: talk.serve(Session(ws)), "127.0.0.1", 0, ssl=context, max_size=None) as s:
        talk.listening(s.sockets[0].getsockname()[1], context)
        await talk.until_stdin_ends()


talk.main(dial, server)
