# SPDX-License-Identifier: Apache-2.0
"""A queue of the library, and who its events are for.

Events are polled, many with one call, and never come by a callback: no thread of the library ever
runs Python, so nothing has to be ended before the interpreter does.
"""
from __future__ import annotations

import os
from typing import Any, Callable, Protocol

from . import _constants as c
from ._errors import Error, check, created
from ._events import error_of
from ._fill import Filled
from ._native import ffi, lib

BATCH = 256
EVENT_SIZE: int = ffi.sizeof("ws_event")
COMPLETION_POLL = ffi.cast("ws_callback", c.COMPLETION_POLL)


class Receiver(Protocol):
    """Who gets the events of a handle."""

    def take(self, e: Any) -> None:
        """e is valid inside the call only."""

    def fell_out(self) -> None:
        """The queue is gone; no event comes any more."""


class Queue:
    """Of one thread at a time, but for add() and completion()."""

    def __init__(self, gather: bool) -> None:
        self.handle = created(lib.ws_queue_create(Filled("ws_queue_options", {"queue_gather": gather}).at))
        fd = ffi.new("int32_t *")
        check(lib.ws_queue_fd(self.handle, fd))
        self.fd: int = fd[0]
        self.pid = os.getpid()
        self.table: dict[int, Receiver] = {}
        self._events = ffi.new("ws_event[]", BATCH)
        self._count = ffi.new("size_t *")
        self._completions: dict[int, Callable[[Error | None], None]] = {}
        self._next = 0

    def add(self, handle: int, receiver: Receiver) -> None:
        self.table[handle] = receiver

    def completion(self, done: Callable[[Error | None], None]) -> tuple[Any, Any]:
        """The two last arguments of a call that completes."""
        self._next += 1
        self._completions[self._next] = done
        return COMPLETION_POLL, ffi.cast("void *", self._next)

    def forget(self, user_data: Any) -> None:
        """The call of that completion was refused."""
        del self._completions[int(ffi.cast("uintptr_t", user_data))]

    def poll(self, failed: Callable[[BaseException], None]) -> int:
        """Hands out what waits, at most BATCH events. failed gets what the receiver of an event raises."""
        events, table = self._events, self.table
        events[0].struct_size = EVENT_SIZE
        check(lib.ws_queue_poll(self.handle, events, BATCH, 0, self._count))
        count: int = self._count[0]
        for i in range(count):
            e = events[i]
            receiver = table.get(e.handle)
            try:
                if e.type == c.EventType.COMPLETION:
                    done = self._completions.pop(int(ffi.cast("uintptr_t", e.user_data)), None)
                    if done:
                        done(error_of(e))
                elif receiver is not None:
                    receiver.take(e)
                    if e.type == c.EventType.DESTROYED:
                        del table[e.handle]
                elif e.server in table:
                    table[e.server].take(e)
            except Exception as failure:  # the others of this batch would be lost
                failed(failure)
        return count

    def abandon(self) -> None:
        """Ends all handles, whose events nobody wants any more, and the queue."""
        if self.pid != os.getpid():
            return
        for handle in list(self.table):
            if lib.ws_destroy(handle):
                lib.ws_server_destroy(handle)
        for handle in list(self.table):  # this thread polls it last, so the calls bring the events out themselves
            if lib.ws_destroy_wait(handle, 5000) == c.ErrorCode.HANDLE:
                lib.ws_server_destroy_wait(handle, 5000)
        for receiver in list(self.table.values()):
            receiver.fell_out()
        self.table.clear()
        lib.ws_queue_destroy(self.handle)

    def destroy(self) -> None:
        check(lib.ws_queue_destroy(self.handle))
