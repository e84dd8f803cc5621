#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""usage: asyncio_loop.py LIBRARY DIRECTORY_OF_ws.py

A server and a client in a loop of asyncio: 1000 echoes, all on its thread.
"""
import asyncio
import ctypes
import sys
import threading

if "--help" in sys.argv or len(sys.argv) < 3:
    print(__doc__, end="", file=sys.stdout if "--help" in sys.argv else sys.stderr)
    sys.exit("--help" not in sys.argv and 2)
sys.path.insert(0, sys.argv[2])
import ws  # noqa: E402
from ws_asyncio import Watch  # noqa: E402


async def main(library):
    queue = library.queue_create(None)
    over, echoes, here = asyncio.Event(), [], threading.get_ident()
    failed = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failed.append(context["exception"]))

    def on_event(e):
        assert threading.get_ident() == here
        if e.type == ws.EVENT_MESSAGE_RECEIVE:
            watch.check(library.send(e.handle, e.data, e.size, e.message_type, None, None))
        elif e.type == ws.EVENT_OPEN:
            for i in range(1000):
                watch.check(library.send(e.handle, b"%d" % i, len(b"%d" % i), ws.TEXT, None, None))
        elif e.type == ws.EVENT_MESSAGE:
            echoes.append(int(ctypes.string_at(e.data, e.size)))
            if len(echoes) == 1:
                raise ValueError("one that fails does not lose the others")
            if len(echoes) == 1000:
                watch.check(library.close(e.handle, None, None, None))
        elif e.type == ws.EVENT_CLOSE and e.handle == client:
            over.set()

    with Watch(library, queue, on_event, ws.Event) as watch:
        server = library.server_create(ws.make("ws_server_options", queue=queue))
        watch.check(library.server_start(server, ws.make("ws_server_config", server_ip=b"127.0.0.1"), None, None))
        port = ctypes.c_int32()
        watch.check(library.server_port(server, port))
        client = library.create(ws.make("ws_create_options", queue=queue))
        watch.check(library.connect(client, b"ws://127.0.0.1:%d/" % port.value, None, None, None))
        ticks = 0
        while not over.is_set():  # the loop's own work goes on beside
            await asyncio.sleep(0.001)
            ticks += 1
    # Nobody else dispatches any more: these calls bring the last events out themselves.
    watch.check(library.destroy_wait(client, -1))
    watch.check(library.server_destroy_wait(server, -1))
    watch.check(library.queue_destroy(queue))
    watch.check(library.shutdown_wait(-1))
    assert echoes == list(range(1000)), len(echoes)
    assert ticks and len(failed) == 1 and isinstance(failed[0], ValueError), failed
    print(f"{len(echoes)} echoes")


asyncio.run(main(ws.load(sys.argv[1])))
