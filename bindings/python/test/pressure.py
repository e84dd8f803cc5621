# SPDX-License-Identifier: Apache-2.0
"""Who is faster waits for the other: sending stops, reading stops, memory stays."""
import asyncio

import libws
from kit import Case, main, pair, until, within

BLOCK = b"x" * 65536


class Pressure(Case):
    async def test_a_receiver_that_lags_stops_the_sender(self):
        async with pair(receive_limit=1 << 20) as (client, accepted, _):
            sent = 0

            async def send():
                nonlocal sent
                for i in range(1024):  # 64 MiB
                    await accepted.send(i.to_bytes(4, "big") + BLOCK)
                    sent += 1
            task = asyncio.create_task(send())
            await until(lambda: client._link.paused, "reading that stops")
            before = -1
            while before != sent:  # until the buffers between are full, too
                before = sent
                await asyncio.sleep(0.05)
            self.assertFalse(task.done())
            self.assertLess(sent, 512)
            # What is here may be over the limit by the batch that brought it.
            self.assertLess(client._link.held, (1 << 20) + 256 * 66000)
            for i in range(1024):
                message = await within(client.recv())
                self.assertEqual(int.from_bytes(message[:4], "big"), i)
            await within(task)
            self.assertEqual(client._link.held, 0)

    async def test_send_waits_above_the_mark_and_goes_on_below(self):
        async with pair(high_water_mark=200000, low_water_mark=100000) as (client, accepted, _):
            accepted._link.limit = 0
            sent = 0

            async def send():
                nonlocal sent
                while sent < 400:
                    await client.send(BLOCK)
                    sent += 1
            task = asyncio.create_task(send())
            before = -1
            while before != sent or not sent:
                before = sent
                await asyncio.sleep(0.05)
            self.assertFalse(task.done())
            self.assertGreater(client.buffered_amount, 200000)
            self.assertLess(client.buffered_amount, 200000 + 2 * len(BLOCK))
            accepted._link.limit = 1 << 20
            for _ in range(400):
                await within(accepted.recv())
            await within(task)

    async def test_many_that_wait_go_on_one_after_the_other(self):
        async with pair(high_water_mark=100000) as (client, accepted, _):
            accepted._link.limit = 0
            tasks = [asyncio.create_task(client.send(BLOCK)) for _ in range(300)]
            await asyncio.sleep(0.05)
            self.assertFalse(all(task.done() for task in tasks))
            accepted._link.limit = 1 << 20
            for _ in range(300):
                self.assertEqual(await within(accepted.recv()), BLOCK)
            await within(asyncio.gather(*tasks))

    async def test_a_send_that_waits_ends_with_its_connection(self):
        async with pair(high_water_mark=100000) as (client, accepted, _):
            accepted._link.limit = 0
            tasks = [asyncio.create_task(client.send(BLOCK)) for _ in range(300)]
            await asyncio.sleep(0.02)
            accepted.abort()
            results = await within(asyncio.gather(*tasks, return_exceptions=True))
            self.assertEqual({type(result) for result in results}, {type(None), libws.ConnectionClosed})

    async def test_a_policy_that_drops_does_not_wait(self):
        async with pair(max_buffered=200000, full_policy=libws.Full.DROP_OLDEST) as (client, accepted, _):
            accepted._link.limit = 0
            for i in range(500):
                await within(client.send(i.to_bytes(4, "big") + BLOCK))
            self.assertGreater(client.stats()["messages_dropped"], 0)
            accepted._link.limit = 1 << 20
            last = -1
            while last != 499:
                now = int.from_bytes((await within(accepted.recv()))[:4], "big")
                self.assertGreater(now, last)
                last = now

    async def test_a_key_replaces_what_waits_for_a_peer_that_does_not_read(self):
        async with pair(max_buffered=64 << 20) as (client, accepted, _):
            await self.fill(client, accepted)
            for i in range(20):
                client.send_nowait(f"value {i}", key=7)
                client.send_nowait(f"other {i}", key=2**64 - 1)
            client.send_nowait("first", priority=7)
            self.assertEqual(client.stats()["messages_replaced"], 38)
            rest = [message async for message in self.rest_of(accepted, 3)]
            self.assertEqual(rest, ["first", "value 19", "other 19"])

    async def test_a_key_replaces_what_was_published_and_broadcast(self):
        async with pair({"max_buffered": 64 << 20}) as (client, accepted, server):
            accepted.subscribe("prices")
            await self.fill(accepted, client)
            for i in range(20):
                self.assertEqual(server.publish("prices", f"published {i}", key=1, priority=1), 1)
                self.assertEqual(server.broadcast(f"broadcast {i}", key=2, priority=2), 1)
                await accepted.send(f"sent {i}", key=2, priority=2)
            self.assertEqual(accepted.stats()["messages_replaced"], 58)
            self.assertEqual(server.stats()["replaced"], 58)
            rest = [message async for message in self.rest_of(client, 2)]
            self.assertEqual(rest, ["sent 19", "published 19"])

    async def test_a_wrong_key_or_priority_is_refused_by_name(self):
        async with pair() as (client, _, server):
            for call in client.send_nowait, server.broadcast, lambda message, **options: server.publish("t", message, **options):
                with self.assertRaisesRegex(ValueError, "^key: "):
                    call("x", key=-1)
                with self.assertRaisesRegex(libws.ArgumentError, "priority"):
                    call("x", priority=8)
                with self.assertRaisesRegex(TypeError, "did you mean 'priority'"):
                    call("x", priorty=1)
            self.assertIn("priority", (await self.raises(libws.ArgumentError, client.send("x", priority=-1))).text)

    async def fill(self, sender, receiver):
        """32 MiB for a receiver that has stopped to read: more than the system takes, so the rest waits."""
        sender._link.high = sender._link.room = 64 << 20  # only max_buffered is a limit
        receiver._link.limit = 0
        sender.send_nowait(b"")
        await until(lambda: receiver._link.paused, "reading that stops")
        for _ in range(512):
            sender.send_nowait(BLOCK)

    async def rest_of(self, receiver, count):
        """The texts behind what fill has sent, some of which may come before the last block."""
        receiver._link.limit = 1 << 20
        blocks = 0
        while count or blocks < 513:
            message = await within(receiver.recv())
            if isinstance(message, str):
                count -= 1
                yield message
            else:
                blocks += 1


main()
