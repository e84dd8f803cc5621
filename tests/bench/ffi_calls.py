#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What calls and events cost in Python, by ctypes. It is no test: it passes no verdict.

    tests/bench/ffi_calls.py [BUILD]    BUILD: the build directory; build

Client and server are in this process, so that what the library's thread does on
another processor is not in the figures, unless there is none.
"""
import ctypes
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "ffi" / "python"))
sys.dont_write_bytecode = True
import ws  # noqa: E402

ROUNDS, CALLS, BATCH, SIZE = 9, 20000, 256, 64
DATA = b"x" * SIZE
build = Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()
lib = ws.load(str(build / "libws.so"))


def ok(status):
    assert status == ws.OK, lib.last_error()


def report(what, seconds):
    print(f"{what:58} {seconds * 1e9:8.0f} ns")


def calls(what, call, *arguments, after=lambda: None):
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call(*arguments)
        rounds.append((time.perf_counter() - start) / CALLS)
        after()
    report(what, statistics.median(rounds))


def pair(queue, listener):
    """A server and its client, which is open when this returns."""
    server, client = lib.server_create(ws.make("ws_server_options", queue=queue)), lib.create(None)
    opened = threading.Event()
    callback = ws.Callback(lambda *_: opened.set())
    if listener:
        ok(lib.server_on(server, ws.EVENT_MESSAGE_RECEIVE, listener, None))
    ok(lib.server_start(server, ws.make("ws_server_config", server_ip=b"127.0.0.1"), None, None))
    port = ctypes.c_int32()
    ok(lib.server_port(server, port))
    ok(lib.on(client, ws.EVENT_OPEN, ws.pointer(callback), None))
    ok(lib.connect(client, b"ws://127.0.0.1:%d/" % port.value, None, None, None))
    assert opened.wait(30)
    ok(lib.off_wait(client, ws.EVENT_OPEN, None, None, -1))
    return server, client


def end(server, client):
    ok(lib.destroy(client))
    ok(lib.server_destroy(server))


queue = lib.queue_create(None)
server, client = pair(queue, None)
state, bytes_, port, count = ctypes.c_int32(), ctypes.c_uint64(), ctypes.c_int32(), ctypes.c_size_t()
room = (ws.Event * BATCH)()
calls("ws_abi_version: ctypes alone", lib.abi_version)
calls("ws_state", lib.state, client, state)
calls("ws_buffered_amount", lib.buffered_amount, client, bytes_)
calls("ws_server_port: enters Go", lib.server_port, server, port)
events = inside = 0


def drain(timeout, look=None):
    """Takes all events of the queue; the time of that alone."""
    global events, inside
    while True:
        room[0].struct_size = ctypes.sizeof(ws.Event)
        start = time.perf_counter()
        ok(lib.queue_poll(queue, room, BATCH, timeout, count))
        if not count.value:
            return
        if look:
            for e in room[:count.value]:
                look(e)
        inside += time.perf_counter() - start
        events += count.value


def send():
    while lib.send(client, DATA, SIZE, ws.BINARY, None, None) == ws.ERR_FULL:
        drain(1)


calls(f"ws_send, {SIZE} bytes: enters Go, sends", send, after=lambda: drain(20))
for what, look in (("", None), (", type and handle read", lambda e: (e.type, e.handle)),
                   (", payload copied, too", lambda e: (e.type, e.handle, ctypes.string_at(e.data, e.size)))):
    events = inside = 0
    for _ in range(3 * ROUNDS):
        for _ in range(4096):
            send()
        drain(20, look)
    report(f"ws_queue_poll by {BATCH}, per event{what}", inside / events)
end(server, client)
drain(1000)

for way in "dispatch", "callback":
    got, done = 0, threading.Event()

    def arrive(event, _):
        global got
        ctypes.string_at(event.contents.data, event.contents.size)
        got += 1
        if got == CALLS:
            done.set()

    listener = ws.Callback(arrive)
    server, client = pair(queue if way == "dispatch" else 0, ws.pointer(listener))
    rounds = []
    for _ in range(ROUNDS):
        got = 0
        done.clear()
        start = time.perf_counter()
        for _ in range(CALLS):
            send()
        while way == "dispatch" and not done.is_set():
            ok(lib.queue_dispatch(queue, 0, 1000, count))
        assert done.wait(60)
        rounds.append((time.perf_counter() - start) / CALLS)
    report(f"sent, received by {way}, payload copied, each", statistics.median(rounds))
    end(server, client)
ok(lib.shutdown_wait(-1))
