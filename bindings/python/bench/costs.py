#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What calls, events and messages cost in Python. It is no test: it passes no verdict.

    costs.py DIRECTORY_OF_ws.py      with libws and websockets installed; tests/ffi/python has ws.py

CPU time of this process, library included, each figure the least of several rounds that take turns, so that
a busy machine does little harm; ratios say more than figures.
"""
import asyncio
import ctypes
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import libws  # noqa: E402
import websockets.asyncio.client  # noqa: E402
import websockets.asyncio.server  # noqa: E402
import ws  # noqa: E402
from libws._fill import Filled  # noqa: E402
from libws._native import ffi, lib  # noqa: E402
from libws._queue import EVENT_SIZE  # noqa: E402

by_ctypes = ws.load(str(next(Path(libws.__file__).parent.glob("libws.so.*"))))
NULL, BATCH, COUNT, ROUNDS, DATA = ffi.NULL, 256, 4096, 7, b"x" * 64


def pair(queue):
    """A client, whose events nobody wants, and its server, whose events the queue gets."""
    server = lib.ws_server_create(Filled("ws_server_options", {}, queue=queue).at)
    config = Filled("ws_server_config", {})
    config.write("ws_server_config", "server_ip", "127.0.0.1")
    assert lib.ws_server_start(server, config.at, NULL, NULL) == 0
    port = ffi.new("int32_t *")
    lib.ws_server_port(server, port)
    client = lib.ws_create(NULL)
    assert lib.ws_connect_wait(client, b"ws://127.0.0.1:%d/" % port[0], NULL, 60000) == 0
    return server, client


def call(function, *arguments):
    start = time.process_time_ns()
    for _ in range(COUNT):
        function(*arguments)
    return (time.process_time_ns() - start) / COUNT


queue = lib.ws_queue_create(NULL)
server, client = pair(queue)
events, count = ffi.new("ws_event[]", BATCH), ffi.new("size_t *")
room, counted = (ws.Event * BATCH)(), ctypes.c_size_t()
state, stated = ffi.new("int32_t *"), ctypes.c_int32()


def poll_cffi():
    events[0].struct_size = EVENT_SIZE
    lib.ws_queue_poll(queue, events, BATCH, 20, count)
    for i in range(count[0]):
        e = events[i]
        (e.type, e.handle, e.message_type, ffi.buffer(e.data, e.size)[:])
    return count[0]


def poll_ctypes():
    room[0].struct_size = EVENT_SIZE
    by_ctypes.queue_poll(queue, room, BATCH, 20, counted)
    for e in room[:counted.value]:
        (e.type, e.handle, e.message_type, ctypes.string_at(e.data, e.size))
    return counted.value


def arrive(event, _):
    e = event.contents
    (e.type, e.handle, e.message_type, ctypes.string_at(e.data, e.size))


callback = ws.Callback(arrive)
by_ctypes.server_on(server, ws.EVENT_MESSAGE_RECEIVE, ws.pointer(callback), None)


def dispatch_ctypes():
    by_ctypes.queue_dispatch(queue, BATCH, 20, counted)
    return counted.value


def fill():
    for _ in range(COUNT):
        lib.ws_send(client, DATA, len(DATA), 2, NULL, NULL)
    time.sleep(0.05)


def take(turn):
    fill()
    taken = spent = 0
    while True:
        start = time.thread_time_ns()
        n = turn()
        if not n:
            return spent / taken
        spent += time.thread_time_ns() - start
        taken += n


def drain():
    while poll_cffi():
        pass


def send(function, *rest):
    spent = call(function, client, DATA, len(DATA), 2, *rest)
    drain()
    return spent


FIGURES = {
    "call that takes no lock (ws_state), cffi": lambda: call(lib.ws_state, client, state),
    "call that takes no lock (ws_state), ctypes": lambda: call(by_ctypes.state, client, stated),
    "ws_send of 64 bytes, with its system call, cffi": lambda: send(lib.ws_send, NULL, NULL),
    "ws_send of 64 bytes, with its system call, ctypes": lambda: send(by_ctypes.send, None, None),
    "event by ws_queue_poll with its payload, cffi": lambda: take(poll_cffi),
    "event by ws_queue_poll with its payload, ctypes": lambda: take(poll_ctypes),
    "event by callback with its payload, in ws_queue_dispatch, ctypes": lambda: take(dispatch_ctypes),
}
best = {}
for _ in range(ROUNDS):
    for name, figure in FIGURES.items():
        best[name] = min(figure(), best.get(name, 1e9))
for name, ns in best.items():
    print(f"{ns:9.0f} ns  {name}")
lib.ws_destroy_wait(client, -1)
lib.ws_server_destroy(server)
drain()


async def echo(connection):
    async for message in connection:
        await connection.send(message)


async def talk(connection, count):
    """Microseconds for a round trip, one at a time, and for one of many under way."""
    message = "x" * 64
    start = time.process_time()
    for _ in range(count):
        await connection.send(message)
        await connection.recv()
    alone = (time.process_time() - start) / count * 1e6

    async def send_all():
        for _ in range(count):
            await connection.send(message)
    start = time.process_time()
    sending = asyncio.create_task(send_all())
    for _ in range(count):
        await connection.recv()
    await sending
    return alone, (time.process_time() - start) / count * 1e6


async def ours(count):
    async with libws.serve(echo, "127.0.0.1", 0) as made:
        async with libws.connect(f"ws://127.0.0.1:{made.port}/") as connection:
            return await talk(connection, count)


async def theirs(count):
    async with websockets.asyncio.server.serve(echo, "127.0.0.1", 0, compression=None) as made:
        url = f"ws://127.0.0.1:{made.sockets[0].getsockname()[1]}/"
        async with websockets.asyncio.client.connect(url, compression=None) as connection:
            return await talk(connection, count)

rounds = [[asyncio.run(kind(5000)) for kind in (ours, theirs)] for _ in range(ROUNDS)]
for i, what in enumerate(("one round trip at a time", "round trip, many under way")):
    us, they = (min(each[kind][i] for each in rounds) for kind in (0, 1))
    print(f"{us:7.1f} us, websockets {they:.1f} us: {what}, both ends in this process")
