# SPDX-License-Identifier: Apache-2.0
"""Nothing grows: many connections, servers and messages, in a loop and with threads.

    growth.py ROUNDS MESSAGES
"""
import asyncio
import gc
import os
import sys
import tracemalloc

import libws
import libws.sync
from kit import echo

ROUNDS, MESSAGES = int(sys.argv[1]), int(sys.argv[2])


def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1048576


def descriptors():
    return len(os.listdir("/proc/self/fd"))


async def clients(count):
    async with libws.serve(echo, "127.0.0.1", 0) as server:
        for _ in range(count):
            async with libws.connect(f"ws://127.0.0.1:{server.port}/") as ws:
                await ws.send("x")
                assert await ws.recv() == "x"


async def messages(count):
    async with libws.serve(echo, "127.0.0.1", 0) as server:
        async with libws.connect(f"ws://127.0.0.1:{server.port}/") as ws:
            async def send():
                for i in range(count):
                    await ws.send("a message of some size " + str(i))
            sending = asyncio.create_task(send())
            for i in range(count):
                assert await ws.recv() == "a message of some size " + str(i)
            await sending


def threads(count):
    def handler(ws):
        for message in ws:
            ws.send(message)
    with libws.sync.serve(handler, "127.0.0.1", 0) as server:
        for _ in range(count):
            with libws.sync.connect(f"ws://127.0.0.1:{server.port}/") as ws:
                ws.send("x")
                assert ws.recv() == "x"


def measure(what, run, count):
    """Growth of memory of Python, and of the process, from a first part on, which makes what stays for good."""
    run(max(count // 10, 200))
    gc.collect()
    resident, open_before = rss(), descriptors()
    run(count)
    gc.collect()
    resident_after = rss()
    tracemalloc.start()
    run(200)
    gc.collect()
    first = tracemalloc.get_traced_memory()[0]
    run(400)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - first
    tracemalloc.stop()
    print(f"{count} {what}: RSS {resident:.1f} -> {resident_after:.1f} MiB, traced {grown / 400:.0f} bytes each, "
          f"descriptors {open_before} -> {descriptors()}, objects {len(gc.get_objects())}")
    assert descriptors() == open_before
    assert grown < 400 * 30, grown
    assert resident_after - resident < 64, resident_after
    assert not libws._hub._hubs


def in_loop(work):
    return lambda count: asyncio.run(work(count))


measure("connections", in_loop(clients), ROUNDS)
measure("messages", in_loop(messages), MESSAGES)
measure("connections with threads", threads, ROUNDS // 10)
assert libws.stats()["connections"] == 0 and libws.stats()["queued_events"] == 0, libws.stats()
