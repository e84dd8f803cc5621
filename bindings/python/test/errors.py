# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, as exceptions; waiting that is cancelled or takes too long."""
import asyncio
import errno
import socket

import libws
from kit import Case, main, pair, raw, serving, until, within


class Errors(Case):
    async def test_nobody_listens(self):
        with socket.socket() as bound:  # not listening, so that nobody else can
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            error = await self.raises(libws.ConnectError, libws.connect(f"ws://127.0.0.1:{port}/")._connect())
        self.assertIsInstance(error, ConnectionError)
        self.assertEqual((error.code, error.name, error.stage, error.os_error),
                         (libws.ErrorCode.CONNECT_FAILED, "WS_ERR_CONNECT_FAILED", libws.Stage.CONNECT, errno.ECONNREFUSED))
        self.assertIn(str(port), error.text)
        self.assertIn("refused", str(error))
        self.assertIn("stage connect", str(error))

    async def test_an_answer_that_refuses(self):
        async def conversation(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nX-Why: because\r\n\r\nnope")
            await writer.drain()
        async with raw(conversation) as port:
            error = await self.raises(libws.ConnectError, libws.connect(f"ws://127.0.0.1:{port}/")._connect())
        self.assertEqual((error.status, error.stage, error.body), (403, libws.Stage.UPGRADE, b"nope"))
        self.assertIn(("X-Why", "because"), error.headers)

    async def test_a_url_and_options_that_are_wrong_are_named(self):
        for url in ("", "http://127.0.0.1/", "ws://"):
            error = await self.raises(libws.ArgumentError, libws.connect(url)._connect())
            self.assertIsInstance(error, ValueError)
            self.assertEqual(error.name, "WS_ERR_URL")
        with self.assertRaisesRegex(TypeError, "max_mesage_size.*did you mean 'max_message_size'"):
            libws.connect("ws://127.0.0.1/", max_mesage_size=1)
        for wrong, kind, text in (
                ({"max_message_size": "much"}, TypeError, "max_message_size"),
                ({"max_redirects": 1 << 40}, ValueError, "max_redirects"),
                ({"protocol": "a\0b"}, ValueError, "protocol.*NUL"),
                ({"headers": ["x"]}, ValueError, "headers"),
                ({"compression": {"levle": 1}}, TypeError, "compression.*levle"),
                ({"max_redirects": 100}, libws.ArgumentError, "max_redirects"),
                ({"high_water_mark": 5, "max_buffered": 2}, libws.ArgumentError, "high_water_mark"),
                ({"ca": b"no certificate"}, libws.ArgumentError, "ca")):
            with self.assertRaisesRegex(kind, text):
                await libws.connect("wss://127.0.0.1/", **wrong)

    async def test_a_port_that_is_taken(self):
        async with serving() as server:
            error = await self.raises(libws.Error, libws.serve(lambda ws: None, "127.0.0.1", server.port)._start())
            self.assertEqual(error.code, libws.ErrorCode.PORT_OCCUPIED)
        error = await self.raises(libws.ArgumentError, libws.serve(lambda ws: None, "example.com")._start())
        self.assertEqual(error.code, libws.ErrorCode.LISTEN_IP)

    async def test_a_server_that_never_answers(self):
        async with raw(lambda reader, writer: asyncio.sleep(1000)) as port:
            url = f"ws://127.0.0.1:{port}/"
            error = await self.raises(libws.Error, libws.connect(url, handshake_timeout=0.05)._connect())
            self.assertEqual((error.code, error.stage), (libws.ErrorCode.TIMEOUT, libws.Stage.TIMEOUT))
            self.assertIsInstance(error, TimeoutError)

    async def test_a_full_queue(self):
        async with pair(max_buffered=100000) as (client, accepted, _):
            with self.assertRaises(libws.Error) as caught:
                while True:
                    client.send_nowait(b"x" * 50000)
                    await asyncio.sleep(0)
            self.assertEqual(caught.exception.code, libws.ErrorCode.FULL)
            client.abort()


class Cancelling(Case):
    async def cancelled(self, awaitable):
        task = asyncio.ensure_future(awaitable)
        for _ in range(5):
            await asyncio.sleep(0)
        self.assertFalse(task.done(), task)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await within(task)

    async def test_connect(self):
        async with raw(lambda reader, writer: asyncio.sleep(1000)) as port:
            await self.cancelled(libws.connect(f"ws://127.0.0.1:{port}/")._connect())
            await self.raises(asyncio.TimeoutError, asyncio.wait_for(libws.connect(f"ws://127.0.0.1:{port}/")._connect(), 0.01))

    async def test_recv_loses_nothing(self):
        async with pair() as (client, accepted, _):
            await self.cancelled(client.recv())
            await accepted.send("here")
            self.assertEqual(await within(client.recv()), "here")
            got = []
            for i in range(300):  # the message and the cancellation come at about the same time
                task = asyncio.ensure_future(client.recv())
                await asyncio.sleep(0)
                await accepted.send(str(i))
                await asyncio.sleep(0.0001 * (i % 5))
                task.cancel()
                try:
                    got.append(await task)
                except asyncio.CancelledError:
                    pass
            await accepted.send("last")
            while not got or got[-1] != "last":
                got.append(await within(client.recv()))
            self.assertEqual(got[:-1], [str(i) for i in range(300)])

    async def test_a_send_that_waits_has_sent_nothing(self):
        async with pair(high_water_mark=100000, max_message_size=None) as (client, accepted, _):
            accepted._link.limit = 0  # the peer stops reading at once
            sent, waits = 0, True
            while waits:
                task = asyncio.ensure_future(client.send(f"{sent:06}" + "x" * 50000))
                await asyncio.wait({task}, timeout=0.05)  # one that waits so long goes on waiting, mostly
                task.cancel()
                waits = await asyncio.gather(task, return_exceptions=True) == [None]
                sent += waits
            accepted._link.limit = 1 << 20
            received = [await within(accepted.recv()) for _ in range(sent)]
            self.assertEqual([int(message[:6]) for message in received], list(range(sent)))
            await client.send("then")
            self.assertEqual(await within(accepted.recv()), "then")

    async def test_close_ends_the_connection_at_once(self):
        async with pair() as (client, accepted, _):
            accepted._link.limit = 0
            await client.send("stops the peer's reading")
            await until(lambda: accepted._link.paused)
            await self.cancelled(client.close())
            await until(lambda: client._link.gone)
            self.assertEqual(client.close_code, 1006)

    async def test_ping(self):
        async with pair() as (client, accepted, _):
            accepted._link.limit = 0
            await client.send("stops the peer's reading")
            await until(lambda: accepted._link.paused)
            await self.cancelled(client.ping())
            accepted._link.limit = 1 << 20
            await within(accepted.recv())
            self.assertGreaterEqual(await within(client.ping()), 0)

    async def test_serve_forever_closes_the_server(self):
        server = await libws.serve(lambda ws: ws.recv(), "127.0.0.1", 0)
        ws = await libws.connect(f"ws://127.0.0.1:{server.port}/")
        await self.cancelled(server.serve_forever())
        await within(ws.wait_closed())
        self.assertEqual(ws.close_code, 1001)
        await ws.close()

    async def test_closing_a_server_that_is_cancelled_ends_all_at_once(self):
        server = await libws.serve(lambda ws: asyncio.sleep(1000), "127.0.0.1", 0)
        ws = await libws.connect(f"ws://127.0.0.1:{server.port}/")
        await until(lambda: server._handlers)
        task = asyncio.ensure_future(server.close(timeout=1000))
        await asyncio.sleep(0.01)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await within(task)
        await until(lambda: server._gone and not server._handlers)
        await ws.close()


main()
