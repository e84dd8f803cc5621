# SPDX-License-Identifier: Apache-2.0
"""What the tests have in common: deadlines, servers, peers by hand."""
import asyncio
import contextlib
import os
import sys
import unittest

import libws

# Seconds for each wait; the machine may be busy.
DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / (os.cpu_count() or 1)))


def within(awaitable, seconds=DEADLINE):
    return asyncio.wait_for(awaitable, seconds)


async def until(check, what="it"):
    """Whenever the loop comes round."""
    async def look():
        while not check():
            await asyncio.sleep(0.001)
    try:
        await within(look())
    except asyncio.TimeoutError:
        raise AssertionError(f"{what}: not within {DEADLINE} s") from None


async def echo(ws):
    async for message in ws:
        await ws.send(message)


@contextlib.asynccontextmanager
async def serving(handler=echo, **options):
    async with libws.serve(handler, "127.0.0.1", 0, **options) as server:
        server.url = f"ws://127.0.0.1:{server.port}/"
        yield server


@contextlib.asynccontextmanager
async def pair(server_options=None, **options):
    """Both ends of one connection, which the test uses itself."""
    ends = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def handler(ws):
        ends.set_result(ws)
        await over.wait()

    async with serving(handler, **(server_options or {})) as server:
        async with libws.connect(server.url, **options) as client:
            try:
                yield client, await within(ends), server
            finally:
                over.set()


@contextlib.asynccontextmanager
async def raw(conversation):
    """A TCP server whose clients are talked to by hand; its port."""
    tasks = set()

    async def talk(reader, writer):
        tasks.add(asyncio.current_task())
        with contextlib.suppress(asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            await conversation(reader, writer)
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Case(unittest.IsolatedAsyncioTestCase):
    """In a loop whose exception handler keeps what it gets."""

    async def asyncSetUp(self):
        self.reported = []
        asyncio.get_running_loop().set_debug(False)  # which unittest sets, and which is slow
        asyncio.get_running_loop().set_exception_handler(lambda _, context: self.reported.append(context))

    async def asyncTearDown(self):
        await until(lambda: not libws._hub._hubs, "the end of the queue")
        self.assertEqual(self.reported, [])

    def take_reports(self):
        reported, self.reported = self.reported, []
        return reported

    async def raises(self, kind, awaitable):
        with self.assertRaises(kind) as caught:
            await within(awaitable)
        return caught.exception


def main():
    unittest.main(module=sys.modules["__main__"], argv=[sys.argv[0], *sys.argv[1:]])
