# SPDX-License-Identifier: Apache-2.0
"""Messages of every kind, in a loop."""
import asyncio

import libws
from kit import Case, main, pair, serving, within

MIB = bytes(i * 31 >> 3 & 255 for i in range(1 << 20))


class Messages(Case):
    async def test_each_comes_back_as_it_was(self):
        async with serving() as server, libws.connect(server.url) as ws:
            for message in ("Hello", "Grüße, 世界 \U0001f30d", "with a \0 inside", "", b"", bytes(range(256)), MIB):
                await ws.send(message)
                answer = await within(ws.recv())
                self.assertEqual((type(answer), answer), (type(message), message))
            for view in (bytearray(b"abc"), memoryview(b"xabcx")[1:4]):
                await ws.send(view)
                self.assertEqual(await within(ws.recv()), b"abc")

    async def test_order_is_that_of_the_calls(self):
        async with pair() as (client, accepted, _):
            async def send(of, begin):
                for i in range(begin, begin + 10000):
                    await of.send(str(i))
            tasks = [asyncio.create_task(send(client, 0)), asyncio.create_task(send(accepted, 50000))]
            self.assertEqual([await within(accepted.recv()) for _ in range(10000)], [str(i) for i in range(10000)])
            self.assertEqual([await within(client.recv()) for _ in range(10000)], [str(50000 + i) for i in range(10000)])
            await asyncio.gather(*tasks)

    async def test_what_is_no_message_is_refused_and_nothing_happens(self):
        async with pair() as (client, accepted, _):
            await self.raises(TypeError, client.send(7))
            await self.raises(UnicodeEncodeError, client.send("\ud800"))
            await client.send("after")
            self.assertEqual(await within(accepted.recv()), "after")

    async def test_a_message_in_parts(self):
        async def parts():
            for part in ("eins ", "zwei ", "drei"):
                yield part
                await asyncio.sleep(0)
        async with pair() as (client, accepted, _):
            sending = asyncio.create_task(client.send_parts(parts()))
            await asyncio.sleep(0)
            other = asyncio.create_task(client.send("behind"))
            self.assertEqual(await within(accepted.recv()), "eins zwei drei")
            self.assertEqual(await within(accepted.recv()), "behind")
            await within(asyncio.gather(sending, other))
            await client.send_parts([b"a", b"b"])
            self.assertEqual(await within(accepted.recv()), b"ab")
            await client.send_parts([])
            self.assertEqual(await within(accepted.recv()), "")

    async def test_parts_that_fail_end_the_connection(self):
        def parts():
            yield "begun"
            raise ValueError("no more")
        async with pair() as (client, accepted, _):
            await self.raises(ValueError, client.send_parts(parts()))
            closed = await self.raises(libws.ConnectionClosed, accepted.recv())
            self.assertEqual(closed.close_code, 1006)

    async def test_a_message_is_received_in_parts(self):
        async with pair(server_options={"receive_parts": True}) as (client, accepted, _):
            await client.send(MIB)
            data, parts = b"", []
            while not parts or parts[-1] != libws.PartOf.END:
                part = await within(accepted.recv())
                self.assertFalse(part.is_text)
                data += part.data
                parts.append(part.part)
            self.assertEqual(data, MIB)
            self.assertEqual(parts[0], libws.PartOf.BEGIN)

    async def test_compressed_messages(self):
        compression = {"takeover_out": True, "takeover_in": True, "level": 6}
        async with pair(server_options={"compression": compression}, compression=compression) as (client, accepted, _):
            self.assertIn("permessage-deflate", client.text(libws.Text.EXTENSIONS))
            for _ in range(3):
                await client.send("a line of text\n" * 1000)
                self.assertEqual(await within(accepted.recv()), "a line of text\n" * 1000)
            self.assertLess(client.stats()["bytes_sent"], 50000)
            self.assertGreater(client.stats()["messages_sent"], 2)

    async def test_a_ping_is_answered(self):
        async with pair() as (client, accepted, _):
            first, second = await within(asyncio.gather(client.ping(), client.ping(b"mine")))
            self.assertGreaterEqual(min(first, second), 0)
            self.assertGreaterEqual(await within(accepted.ping()), 0)
            with self.assertRaises(ValueError):
                await client.ping(b"x" * 126)

    async def test_pongs_may_be_the_programs(self):
        seen = []
        async with pair(manual_pong=True, on_event=seen.append) as (client, accepted, _):
            waiting = asyncio.create_task(accepted.ping(b"by hand"))
            while not any(e.type == libws.EventType.PING for e in seen):
                await asyncio.sleep(0.001)
            client.pong(next(e.data for e in seen if e.type == libws.EventType.PING))
            self.assertGreaterEqual(await within(waiting), 0)

    async def test_a_large_message_may_be_skipped(self):
        seen = []
        async with pair(server_options={"max_message_size": 100, "skip_large": True, "on_event": seen.append}) as \
                (client, accepted, _):
            await client.send("x" * 1000)
            await client.send("small")
            self.assertEqual(await within(accepted.recv()), "small")
            self.assertEqual([e.message_size for e in seen if e.type == libws.EventType.SKIPPED], [1000])

    async def test_any_thread_may_send_without_waiting(self):
        async with pair() as (client, accepted, _):
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(None, client.send_nowait, str(i)) for i in range(50)))
            self.assertEqual({await within(accepted.recv()) for _ in range(50)}, {str(i) for i in range(50)})


main()
