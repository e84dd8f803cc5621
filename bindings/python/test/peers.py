# SPDX-License-Identifier: Apache-2.0
"""websockets of PyPI at the other end, in both roles: plain, and compressed with takeover."""
import asyncio
import contextlib
import sys

import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory, ServerPerMessageDeflateFactory

import libws
import libws.sync
from kit import Case, echo, main, serving, within

MESSAGES = ["Hello", "Grüße, 世界 \U0001f30d", "", b"", bytes(range(256)), b"x" * 300000, "line\n" * 20000]
COMPRESSION = {"takeover_out": True, "takeover_in": True}


async def their_echo(ws):
    with contextlib.suppress(websockets.ConnectionClosed):
        async for message in ws:
            await ws.send(message)


class Peers(Case):
    async def talk(self, ws):
        for message in MESSAGES * 3:
            await ws.send(message)
            self.assertEqual(await within(ws.recv()), message)

    async def test_their_client(self):
        for options, theirs in (({}, {"compression": None}), ({"compression": COMPRESSION}, {
                "compression": None, "extensions": [ClientPerMessageDeflateFactory()]})):
            async with serving(protocol="chat", **options) as server:
                async with connect(server.url, subprotocols=["chat"], max_size=None, **theirs) as ws:
                    self.assertEqual(ws.subprotocol, "chat")
                    await self.talk(ws)
                    self.assertGreaterEqual(await within(await ws.ping()), 0)
                    await ws.close(3001, "enough")
                self.assertEqual((ws.close_code, ws.close_reason), (3001, "enough"))

    async def test_their_server(self):
        for options, theirs in (({}, {"compression": None}), ({"compression": COMPRESSION}, {
                "compression": None, "extensions": [ServerPerMessageDeflateFactory()]})):
            async with serve(their_echo, "127.0.0.1", 0, subprotocols=["chat"], max_size=None, **theirs) as server:
                url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
                async with libws.connect(url, protocol="chat", **options) as ws:
                    self.assertEqual(ws.protocol, "chat")
                    if options:
                        self.assertIn("permessage-deflate", ws.text(libws.Text.EXTENSIONS))
                    await self.talk(ws)
                    self.assertGreaterEqual(await within(ws.ping()), 0)
                    await ws.close(3001, "enough")
                self.assertEqual((ws.close_code, ws.close_reason), (3001, "enough"))

    async def test_their_server_says_why(self):
        async def handler(ws):
            await ws.close(4004, "no such room")
        async with serve(handler, "127.0.0.1", 0) as server:
            async with libws.connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/") as ws:
                closed = await self.raises(libws.ConnectionClosed, ws.recv())
                self.assertEqual((closed.close_code, closed.reason, closed.clean), (4004, "no such room", True))

    async def test_their_threads(self):
        from websockets.sync.client import connect as connect_thread
        async with serving(echo) as server:
            def talk():
                with connect_thread(server.url, compression=None) as ws:
                    ws.send("Hello")
                    return ws.recv()
            self.assertEqual(await within(asyncio.get_running_loop().run_in_executor(None, talk)), "Hello")
        async with serve(their_echo, "127.0.0.1", 0) as server:
            def talk_too():
                with libws.sync.connect(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/") as ws:
                    ws.send(b"Hello")
                    return ws.recv(60)
            self.assertEqual(await within(asyncio.get_running_loop().run_in_executor(None, talk_too)), b"Hello")


print(f"websockets {websockets.__version__}, CPython {sys.version.split()[0]}")
main()
