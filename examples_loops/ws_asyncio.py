# SPDX-License-Identifier: Apache-2.0
"""libws in a loop of asyncio (also uvloop). Copy it into your project.

    with Watch(library, queue, on_event):
        await ...                      # on_event(event) runs on the loop, for each event

library has the functions of ws.h without "ws_" and the struct Event, as tests/ffi/python/ws.py
makes them from declarations.json. Events are polled, many with one call, because in Python a call
from C is what costs; so make no listeners, and completions with COMPLETION_POLL. What an event
points to is valid inside on_event only.
"""
import asyncio
import ctypes


class Watch:
    def __init__(self, library, queue, on_event, event=None, batch=64):
        """batch: events of one turn of the loop; the others have the next."""
        self.library, self.queue, self.on_event = library, queue, on_event
        self.room = (event * batch)()
        self.count = ctypes.c_size_t()
        self.loop = asyncio.get_running_loop()
        fd = ctypes.c_int32(-1)
        self.check(library.queue_fd(queue, fd))
        self.fd = fd.value
        self.loop.add_reader(self.fd, self.ready)

    def check(self, status):
        if status:
            raise OSError(f"{status}: {self.library.last_error().decode()}")

    def ready(self):
        """The descriptor is level-triggered: the loop comes back when events are left."""
        self.room[0].struct_size = ctypes.sizeof(self.room[0])
        self.check(self.library.queue_poll(self.queue, self.room, len(self.room), 0, self.count))
        for event in self.room[:self.count.value]:
            try:
                self.on_event(event)
            except Exception as failure:  # the others of this batch would be lost
                self.loop.call_exception_handler({"message": "a listener of libws failed", "exception": failure})

    def close(self):
        """Before queue_destroy. Once more is no error."""
        if self.fd >= 0:
            self.loop.remove_reader(self.fd)
            self.fd = -1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
