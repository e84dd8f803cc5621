# SPDX-License-Identifier: Apache-2.0
"""WebSocket libraries of PyPI behind one shape: client(url, tls, packed) with send, recv and close, and
server(tls, packed), which echoes. tls is a context or None; packed: permessage-deflate with takeover."""
import asyncio
import contextlib

import aiohttp
import aiohttp.web
import picows
import websocket
import websockets.asyncio.client
import websockets.asyncio.server
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory


class Websockets:
    name, packs, answers = "websockets", True, 3001

    @contextlib.asynccontextmanager
    async def client(self, url, tls, packed):
        extensions = [ClientPerMessageDeflateFactory()] if packed else None
        async with websockets.asyncio.client.connect(url, ssl=tls, compression=None, extensions=extensions, max_size=None) as ws:
            yield ws

    @contextlib.asynccontextmanager
    async def server(self, tls, packed):
        async def echo(ws):
            with contextlib.suppress(websockets.ConnectionClosed):
                async for message in ws:
                    await ws.send(message)
        extensions = [ServerPerMessageDeflateFactory()] if packed else None
        async with websockets.asyncio.server.serve(echo, "127.0.0.1", 0, ssl=tls, compression=None, extensions=extensions,
                                                   max_size=None) as server:
            yield server.sockets[0].getsockname()[1]


class Aiohttp:
    name, packs, answers = "aiohttp", True, 1000  # its servers say so whatever came

    class Client:
        def __init__(self, ws):
            self.ws = ws

        async def send(self, message):
            await (self.ws.send_str if isinstance(message, str) else self.ws.send_bytes)(message)

        async def recv(self):
            return (await self.ws.receive()).data

        async def close(self, code, reason):
            await self.ws.close(code=code, message=reason.encode())

    @contextlib.asynccontextmanager
    async def client(self, url, tls, packed):
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(url, ssl=tls if tls else True, compress=15 if packed else 0, max_msg_size=0) as ws:
                yield self.Client(ws)

    @contextlib.asynccontextmanager
    async def server(self, tls, packed):
        async def echo(request):
            ws = aiohttp.web.WebSocketResponse(compress=packed, max_msg_size=0)
            await ws.prepare(request)
            async for message in ws:
                await (ws.send_str if message.type == aiohttp.WSMsgType.TEXT else ws.send_bytes)(message.data)
            return ws
        app = aiohttp.web.Application()
        app.router.add_get("/", echo)
        runner = aiohttp.web.AppRunner(app)
        await runner.setup()
        site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        try:
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()


class Picows:
    name, packs, answers = "picows", False, 3001

    class Listener(picows.WSListener):
        def __init__(self, echoes):
            self.echoes, self.queue = echoes, asyncio.Queue()

        def on_ws_connected(self, transport):
            self.transport = transport

        def on_ws_frame(self, transport, frame):
            if frame.msg_type == picows.WSMsgType.CLOSE:
                transport.send_close(frame.get_close_code(), frame.get_close_message())
                transport.disconnect()
                return
            if frame.msg_type not in (picows.WSMsgType.TEXT, picows.WSMsgType.BINARY):
                return
            data = frame.get_payload_as_bytes()
            if self.echoes:
                transport.send(frame.msg_type, data)
            else:
                self.queue.put_nowait(data.decode() if frame.msg_type == picows.WSMsgType.TEXT else data)

        async def send(self, message):
            text = isinstance(message, str)
            self.transport.send(picows.WSMsgType.TEXT if text else picows.WSMsgType.BINARY, message.encode() if text else message)

        async def recv(self):
            return await self.queue.get()

        async def close(self, code, reason):
            self.transport.send_close(code, reason.encode())
            await self.transport.wait_disconnected()

    @contextlib.asynccontextmanager
    async def client(self, url, tls, packed):
        transport, listener = await picows.ws_connect(lambda: self.Listener(False), url, ssl_context=tls)
        try:
            yield listener
        finally:
            transport.disconnect()

    @contextlib.asynccontextmanager
    async def server(self, tls, packed):
        server = await picows.ws_create_server(lambda _: self.Listener(True), "127.0.0.1", 0, ssl=tls)
        async with server:
            yield server.sockets[0].getsockname()[1]


class WebsocketClient:
    name, packs, server = "websocket-client", False, None

    class Client:
        def __init__(self, ws):
            self.ws = ws

        def _call(self, function, *arguments):
            return asyncio.get_running_loop().run_in_executor(None, function, *arguments)

        async def send(self, message):
            await self._call(self.ws.send if isinstance(message, str) else self.ws.send_binary, message)

        async def recv(self):
            return await self._call(self.ws.recv)

        async def close(self, code, reason):
            await self._call(self.ws.close, code, reason.encode())

    @contextlib.asynccontextmanager
    async def client(self, url, tls, packed):
        def connect():
            return websocket.create_connection(url, timeout=60, **({"sslopt": {"context": tls}} if tls else {}))
        ws = await asyncio.get_running_loop().run_in_executor(None, connect)
        try:
            yield self.Client(ws)
        finally:
            ws.shutdown()


ALL = [Websockets(), Aiohttp(), Picows(), WebsocketClient()]
VERSIONS = (f"websockets {websockets.__version__}, aiohttp {aiohttp.__version__}, picows {picows.__version__}, "
            f"websocket-client {websocket.__version__}")
