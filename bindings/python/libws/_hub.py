# SPDX-License-Identifier: Apache-2.0
"""The queue of an event loop, and the links that wait in that loop."""
from __future__ import annotations

import asyncio
import atexit
import inspect
import os
import threading
from typing import Any, Awaitable, Callable, Mapping

from ._errors import Error
from ._events import Event
from ._link import Link
from ._native import lib
from ._queue import Queue

_lock = threading.Lock()
_hubs: list[Hub] = []  # guarded by _lock: one for each loop in which something of libws is alive


class Hub(Queue):
    """What is sent while events are gone through, and by the tasks that they wake, leaves together."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(gather=True)
        self.loop = loop
        self.tasks: set[asyncio.Task[Any]] = set()
        loop.add_reader(self.fd, self._ready)

    def _ready(self) -> None:
        """The descriptor is level-triggered: the loop comes back when events are left."""
        try:
            if self.poll(self._failed):
                self.loop.call_soon(self._flush)
        except Error as failure:  # the library was shut down: nothing comes any more
            for receiver in list(self.table.values()):
                receiver.fell_out()
            self.table.clear()
            self._failed(failure)
        if not self.table:
            self.loop.remove_reader(self.fd)
            with _lock:
                _hubs.remove(self)
            lib.ws_queue_destroy(self.handle)

    def _flush(self) -> None:
        """Behind the tasks that the events have woken, which call_soon has put before this."""
        lib.ws_queue_flush(self.handle)

    def _failed(self, failure: BaseException, what: str = "a callback of libws failed") -> None:
        self.loop.call_exception_handler({"message": what, "exception": failure})

    def spawn(self, work: Awaitable[None], what: str) -> None:
        """A task of the hub's own, whose failure the loop's exception handler gets."""

        async def run() -> None:
            try:
                await work
            except Exception as failure:
                self._failed(failure, what)

        task = self.loop.create_task(run())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def question(self, ask: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[], object],
                 what: str) -> None:
        """Asks a function of the program, plain or async, and gives what it says to done."""

        async def run() -> None:
            try:
                said = ask()
                done(await said if inspect.isawaitable(said) else said)
            except BaseException:
                failed()
                raise

        self.spawn(run(), what)


def hub() -> Hub:
    """That of the running loop."""
    loop = asyncio.get_running_loop()
    with _lock:
        for each in _hubs:
            if each.loop is loop and each.pid == os.getpid():
                return each
        over = [each for each in _hubs if each.loop.is_closed()]
        _hubs[:] = [each for each in _hubs if each not in over]
    for each in over:
        each.abandon()
    made = Hub(loop)
    with _lock:
        _hubs.append(made)
    return made


def _in_child() -> None:
    """The library does not work in a forked child (WS_ERR_FORKED), and what the parent has is the parent's."""
    global _lock
    _lock = threading.Lock()
    _hubs.clear()


os.register_at_fork(after_in_child=_in_child)
atexit.register(_hubs.clear)


class LoopLink(Link):
    """A link whose users are tasks of a loop."""

    queue: Hub

    def __init__(self, queue: Hub, options: Mapping[str, Any], receive_limit: int,
                 on_event: Callable[[Event], object] | None) -> None:
        super().__init__(queue, options, receive_limit, on_event)
        self.loop = queue.loop
        self.waiters: list[asyncio.Future[None]] = []
        self.sending_parts = False

    def wake(self) -> None:
        if self.waiters:
            waiters, self.waiters = self.waiters, []
            for each in waiters:
                if not each.done():
                    each.set_result(None)

    def question(self, ask: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[], object],
                 what: str) -> None:
        self.queue.question(ask, done, failed, what)

    async def change(self) -> None:
        """Until something has changed. Whoever waits looks again, so nothing is lost by a cancellation."""
        waiter: asyncio.Future[None] = self.loop.create_future()
        self.waiters.append(waiter)
        try:
            await waiter
        except asyncio.CancelledError:
            if waiter in self.waiters:
                self.waiters.remove(waiter)
            raise

    async def may_send(self) -> None:
        """Until there is room, and no message in parts is under way."""
        while self.sending_parts or not self.has_room():
            if self.end:
                raise self.why_closed()
            await self.change()

    async def over(self) -> None:
        """Ends the handle, and waits until nothing of it comes any more."""
        self.destroy()
        while not self.gone:
            await self.change()


def completion(queue: Hub) -> tuple[tuple[Any, Any], asyncio.Future[None]]:
    """The last arguments of a call, and a future of what comes of it."""
    future: asyncio.Future[None] = queue.loop.create_future()

    def done(failure: Error | None) -> None:
        if not future.done():
            if failure:
                future.set_exception(failure)
            else:
                future.set_result(None)

    return queue.completion(done), future


