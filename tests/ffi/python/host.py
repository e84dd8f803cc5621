# SPDX-License-Identifier: Apache-2.0
"""A host with an asyncio loop, and the three ways in which it can hear of events.

callback  on the library's thread; the loop is told by call_soon_threadsafe
dispatch  a queue whose descriptor the loop watches; listeners run on the loop's thread
poll      the same descriptor; events come as structs, many with one call, and no
          function is called from C at all: by far the cheapest way in Python
"""
import asyncio
import ctypes
import os
import threading
import types

import ws

DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / os.cpu_count()))  # seconds for each wait; the machine may be busy
BATCH = 16     # events of one poll

# What a host listens to. A server's own events come first.
SERVER_EVENTS = (ws.EVENT_CONNECT, ws.EVENT_MESSAGE_RECEIVE, ws.EVENT_CLOSE, ws.EVENT_ERROR, ws.EVENT_DESTROYED)
CLIENT_EVENTS = (ws.EVENT_HEADER_RECEIVE, ws.EVENT_OPEN, ws.EVENT_OPEN_INFO, ws.EVENT_MESSAGE, ws.EVENT_CLOSE,
                 ws.EVENT_ERROR, ws.EVENT_DESTROYED)


def copy(e):
    """An event of our own: what e points to is valid during the callback, or until the next poll, only."""
    own = types.SimpleNamespace(**{name: getattr(e, name) for name, _ in e._fields_})
    own.data = ctypes.string_at(e.data, e.size)
    own.text = e.text.decode()
    return own


class Host:
    """act(host, event) runs where the event comes; after it the event is in events, seen by until()."""

    def __init__(self, library, way, act):
        self.lib, self.way, self.act = library, way, act
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.events, self.failures, self.changed = [], [], asyncio.Event()
        self.batches = []  # how many events each poll gave
        self.queue = 0
        self.callback = ws.Callback(self.called)  # alive as long as this object
        self.completion = ws.COMPLETION_POLL if way == "poll" else ws.pointer(self.callback)
        if way == "callback":
            return
        self.queue = self.lib.queue_create(ws.make("ws_queue_options", max_bytes=8 << 20))
        assert self.queue, self.lib.last_error()
        fd = ctypes.c_int32(-1)
        self.ok(self.lib.queue_fd(self.queue, fd))
        self.fd = fd.value
        self.room = (ws.Event * BATCH)()
        self.loop.add_reader(self.fd, self.poll if way == "poll" else self.dispatch)

    # ---- the three ways

    def called(self, event, _):
        """A listener or completion, on whichever thread. Nobody would hear of an exception here."""
        try:
            e = copy(event.contents)
            here = threading.get_ident() == self.thread
            assert here == (self.way == "dispatch"), f"a callback on the wrong thread, by {self.way}"
            self.act(self, e)
            if here:
                self.record(e)
            else:
                self.loop.call_soon_threadsafe(self.record, e)
        except BaseException as failure:
            self.loop.call_soon_threadsafe(self.fail, failure)

    def dispatch(self):
        count = ctypes.c_size_t()
        self.ok(self.lib.queue_dispatch(self.queue, 0, 0, count))

    def poll(self):
        count = ctypes.c_size_t()
        self.room[0].struct_size = ctypes.sizeof(ws.Event)
        self.ok(self.lib.queue_poll(self.queue, self.room, BATCH, 0, count))
        self.batches.append(count.value)
        for e in self.room[:count.value]:
            e = copy(e)
            self.act(self, e)
            self.record(e)

    # ---- waiting

    def record(self, e):
        self.events.append(e)
        self.changed.set()

    def fail(self, failure):
        self.failures.append(failure)
        self.changed.set()

    async def until(self, condition):
        """Waits until condition() is true and returns what it gave."""
        end = self.loop.time() + DEADLINE
        while True:
            if self.failures:
                raise self.failures[0]
            result = condition()
            if result:
                return result
            self.changed.clear()
            try:
                await asyncio.wait_for(self.changed.wait(), end - self.loop.time())
            except asyncio.TimeoutError:
                raise AssertionError(f"not so after {DEADLINE} s; events: {self.events[-20:]}") from None

    def seen(self, type=None, handle=None, **members):
        """The events that came so far with these members."""
        return [e for e in self.events
                if (type is None or e.type == type) and (handle is None or e.handle == handle)
                and all(getattr(e, m) == v for m, v in members.items())]

    async def one(self, type, handle=None, **members):
        """Waits for an event with these members, and checks that it came once."""
        found = await self.until(lambda: self.seen(type, handle, **members))
        assert len(found) == 1, found
        return found[0]

    # ---- calls

    def ok(self, status):
        assert status == ws.OK, f"{status}: {self.lib.last_error().decode()}"

    def listen(self, on, handle, events):
        for event in events if self.way != "poll" else ():
            self.ok(on(handle, event, ws.pointer(self.callback), None))

    def client(self, user_data=None):
        handle = self.lib.create(ws.make("ws_create_options", queue=self.queue, user_data=user_data))
        assert handle, self.lib.last_error()
        self.listen(self.lib.on, handle, CLIENT_EVENTS)
        return handle

    def server(self):
        handle = self.lib.server_create(ws.make("ws_server_options", queue=self.queue))
        assert handle, self.lib.last_error()
        self.listen(self.lib.server_on, handle, SERVER_EVENTS)
        return handle

    def number(self, call, *arguments, of=ctypes.c_int32):
        """What a call gives by its last parameter."""
        value = of()
        self.ok(call(*arguments, value))
        return value.value

    def leave(self):
        """Ends the queue, whose handles are all gone."""
        if self.queue:
            self.loop.remove_reader(self.fd)
            self.ok(self.lib.queue_destroy(self.queue))
            assert self.lib.queue_destroy(self.queue) == ws.ERR_HANDLE
