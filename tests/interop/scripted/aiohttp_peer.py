#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""aiohttp in both roles; see talk.py. It keeps no reason of an answer to its own close,
and has no fragments: these are written by hand, with the mask 0 where one is due."""
import asyncio
import contextlib

import aiohttp
from aiohttp import web

import talk


class Session:
    def __init__(self, ws, masked):
        self._ws, self._masked = ws, masked
        self._pong = None

    async def send(self, message):
        await (self._ws.send_str(message) if isinstance(message, str) else self._ws.send_bytes(message))

    async def send_bad_text(self):
        self._frame(0x81, b"bad \xff")

    def _frame(self, first, payload):
        """A frame of at most 65535 bytes, RFC 6455 5.2."""
        mask, size = (0x80, b"\0\0\0\0") if self._masked else (0, b""), len(payload)
        head = bytes([first, mask[0] | size]) if size < 126 else bytes([first, mask[0] | 126]) + size.to_bytes(2, "big")
        self._ws._writer.transport.write(head + mask[1] + payload)

    async def send_parts(self, parts):
        parts = [p.encode() if isinstance(p, str) else p for p in parts]
        self._pong = asyncio.get_running_loop().create_future()
        self._frame(self._first(parts), parts[0])
        await self._ws.ping(b"between")
        await self._pong
        for p in parts[1:-1]:
            self._frame(0x00, p)
        self._frame(0x80, parts[-1])

    @staticmethod
    def _first(parts):
        try:
            b"".join(parts).decode()
            return 0x01
        except UnicodeDecodeError:
            return 0x02

    async def receive(self):
        while True:
            m = await self._ws.receive()
            if m.type == aiohttp.WSMsgType.PONG:
                assert m.data == b"between", m.data
                self._pong.set_result(None)
            elif m.type == aiohttp.WSMsgType.PING:
                await self._ws.pong(m.data)
            elif m.type in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
                return m.data
            elif m.type == aiohttp.WSMsgType.CLOSE:
                code, reason = m.data or 1005, m.extra or ""
                await self._ws.close(code=m.data or 1000, message=reason.encode())
                raise talk.End(code, reason)
            else:
                raise talk.End(self._ws.close_code or 1006)

    async def close(self, code, reason):
        await self._ws.close(code=code, message=reason.encode())
        return talk.End(self._ws.close_code)


@contextlib.asynccontextmanager
async def dial(url, context):
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(url, ssl=context, autoping=False, autoclose=False, max_msg_size=0) as ws:
            yield Session(ws, True)


async def handle(request):
    ws = web.WebSocketResponse(autoping=False, autoclose=False, max_msg_size=0, compress=False)
    await ws.prepare(request)
    await talk.serve(Session(ws, False))
    return ws


async def server(context):
    app = web.Application()
    app.router.add_get("/path", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    talk.listening(site._server.sockets[0].getsockname()[1], context)
    await talk.until_stdin_ends()
    await runner.cleanup()


class Features(talk.Features):
    answer_reason = False
    close_without_code = False


talk.main(dial, server, Features())
