# SPDX-License-Identifier: Apache-2.0
"""How connections and servers end, in a loop."""
import asyncio
import base64
import gc
import hashlib
import warnings

import libws
from kit import Case, main, pair, raw, serving, until, within


class Closing(Case):
    async def test_code_and_reason_arrive_at_both_ends(self):
        async with pair() as (client, accepted, _):
            await client.close(3001, "genug für heute")
            self.assertEqual((client.close_code, client.close_reason), (3001, "genug für heute"))
            closed = await self.raises(libws.ConnectionClosed, accepted.recv())
            self.assertEqual((closed.close_code, closed.reason, closed.clean), (3001, "genug für heute", True))
            self.assertIn("3001", str(closed))
            await client.close()  # once more is nothing

    async def test_what_came_before_is_received_before_the_end(self):
        async with pair() as (client, accepted, _):
            for i in range(100):
                await client.send(str(i))
            await client.close()
            self.assertEqual([message async for message in accepted], [str(i) for i in range(100)])

    async def test_a_loop_over_messages_ends_quietly_with_1000_and_1001_only(self):
        for code, quiet in ((1000, True), (1001, True), (1011, False), (4000, False)):
            async with pair() as (client, accepted, _):
                await accepted.close(code)
                if quiet:
                    self.assertEqual([message async for message in client], [])
                else:
                    closed = await self.raises(libws.ConnectionClosed, client.__anext__())
                    self.assertEqual(closed.close_code, code)

    async def test_a_lost_connection_is_1006(self):
        async with pair() as (client, accepted, _):
            accepted.abort()
            closed = await self.raises(libws.ConnectionClosed, client.recv())
            self.assertEqual((closed.close_code, closed.clean), (1006, False))
            self.assertEqual((closed.name, closed.stage), ("WS_ERR_CONNECT_FAILED", libws.Stage.IO))
            again = await self.raises(libws.ConnectionClosed, client.recv())
            self.assertIsNot(again, closed)
            await self.raises(libws.ConnectionClosed, client.send("x"))
            await self.raises(libws.ConnectionClosed, client.ping())
            self.assertEqual(client.state, libws.State.CLOSED)

    async def test_a_peer_that_never_answers_a_close_is_cut_off(self):
        async def conversation(reader, writer):
            head = await reader.readuntil(b"\r\n\r\n")
            key = next(line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key"))
            accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            await asyncio.sleep(1000)
        async with raw(conversation) as port:
            ws = await within(libws.connect(f"ws://127.0.0.1:{port}/")._connect())
            await within(ws.close(timeout=0.05))
            self.assertEqual(ws.close_code, 1006)

    async def test_a_handler_that_returns_closes_with_1000(self):
        async def handler(ws):
            await ws.send("bye")
        async with serving(handler) as server, libws.connect(server.url) as ws:
            self.assertEqual([message async for message in ws], ["bye"])
            self.assertEqual(ws.close_code, 1000)

    async def test_what_a_handler_raises_is_reported_and_closes_with_1011(self):
        async def handler(ws):
            raise KeyError("a fault of the handler")
        async with serving(handler) as server, libws.connect(server.url) as ws:
            closed = await self.raises(libws.ConnectionClosed, ws.recv())
            self.assertEqual(closed.close_code, 1011)
        report, = self.take_reports()
        self.assertIsInstance(report["exception"], KeyError)

    async def test_the_end_of_its_own_connection_is_no_fault_of_a_handler(self):
        ended = []

        async def handler(ws):
            try:
                await ws.recv()
            finally:
                ended.append(ws)
        async with serving(handler) as server:
            ws = await libws.connect(server.url)
            await ws.close(4000)
            await until(lambda: ended)

    async def test_a_server_that_closes_says_1001_and_waits_for_handlers(self):
        done = []

        async def handler(ws):
            async for _ in ws:
                pass
            await asyncio.sleep(0.02)
            done.append(ws.close_code)
        async with serving(handler) as server:
            clients = [await libws.connect(server.url) for _ in range(3)]
            await within(server.close())
            self.assertEqual(len(done), 3)
            for ws in clients:
                self.assertEqual([message async for message in ws], [])
                self.assertEqual((ws.close_code, ws.close_reason), (1001, "server is going away"))
                await ws.close()

    async def test_a_handler_that_does_not_end_is_cancelled_when_its_server_closes(self):
        cancelled = []

        async def handler(ws):
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                cancelled.append(ws)
                raise
        async with serving(handler) as server, libws.connect(server.url) as ws:
            await within(server.close(timeout=0.1))
            self.assertEqual(len(cancelled), 1)
            await within(ws.wait_closed())

    async def test_a_handler_may_close_its_server(self):
        async def handler(ws):
            await server.close()
        async with serving(handler) as server:
            async with libws.connect(server.url) as ws:
                self.assertEqual([message async for message in ws], [])
            await within(server.serve_forever())

    async def test_a_client_that_nobody_has_is_closed_when_it_is_collected(self):
        async with serving() as server:
            ws = await libws.connect(server.url)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                del ws
                gc.collect()
            self.assertEqual([w.category for w in caught], [ResourceWarning])
            self.assertIn("unclosed <libws", str(caught[0].message))
            await until(lambda: server.stats()["connections"] == 0)

    async def test_a_client_that_a_task_waits_for_is_kept(self):
        async with serving() as server:
            got = []

            async def receive(ws):
                await ws.send("kept")
                got.append(await ws.recv())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # of its end, which nobody closes
                task = asyncio.ensure_future(receive(await libws.connect(server.url)))
                del task
                gc.collect()
                await until(lambda: got)
                gc.collect()

    async def test_close_of_a_connection_whose_messages_nobody_receives(self):
        async with pair(receive_limit=1000) as (client, accepted, _):
            flood = asyncio.create_task(self._flood(accepted))
            await until(lambda: client._link.paused)
            await within(client.close())
            await within(flood)

    async def _flood(self, ws):
        try:
            while True:
                await ws.send(b"x" * 10000)
        except libws.ConnectionClosed:
            pass


main()
