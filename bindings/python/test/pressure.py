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


main()
