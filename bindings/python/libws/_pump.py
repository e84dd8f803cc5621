# SPDX-License-Identifier: Apache-2.0
"""A queue for threads: who waits for something polls it, one thread at a time, and the others wait for that one.

So a client has no thread of its own, and a signal such as Ctrl-C ends any wait.
"""
from __future__ import annotations

import os
import select
import threading
import time
from collections import deque
from typing import Any, Callable, Mapping

from ._errors import Error
from ._events import Event
from ._link import Link
from ._queue import Queue


# Seconds. A signal that comes when CPython has looked for one, and the thread that handles them is about to sleep, wakes
# nobody: without an end to the sleep Ctrl-C would be lost.
_MAIN_SLEEPS = 0.5


def _turn(left: float | None) -> float | None:
    """How long this thread may sleep at once."""
    if threading.current_thread() is not threading.main_thread():
        return left
    return _MAIN_SLEEPS if left is None else min(left, _MAIN_SLEEPS)


class Pump(Queue):
    def __init__(self) -> None:
        super().__init__(gather=False)
        # Guards the table, all links of this queue, and the members below. Calls of the program run without it.
        # An RLock, because it knows whose it is; nobody takes it twice.
        self.lock = threading.RLock()
        self.polling = self.over = False
        self.waiting: list[threading.Condition] = []
        self.calls: deque[Callable[[], object]] = deque()
        self._poller = select.poll()
        self._poller.register(self.fd, select.POLLIN)

    def wait(self, changed: threading.Condition, check: Callable[[], bool], timeout: float | None) -> bool:
        """Until check() or the time is over, with the lock, which is free while nothing happens."""
        end = None if timeout is None else time.monotonic() + timeout
        while not check():
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                return False
            if self.polling:
                self.waiting.append(changed)
                try:
                    changed.wait(_turn(left))
                finally:
                    self.waiting.remove(changed)
            else:
                self._lead(_turn(left))
        return True

    def _lead(self, left: float | None) -> None:
        """Takes what is there, or waits for it and leaves it to the next turn."""
        self.polling = True
        try:
            if not self.poll(self._failed):
                try:
                    self.lock.release()
                    self._poller.poll(None if left is None else left * 1000 + 1)
                finally:
                    self._take()
            while self.calls:
                call = self.calls.popleft()
                try:
                    self.lock.release()
                    call()
                finally:
                    self._take()
        finally:
            self.polling = False
            if self.waiting:  # somebody goes on polling when this thread has what it wants
                self.waiting[0].notify_all()

    def _take(self) -> None:
        """Has the lock again: Ctrl-C may come between any two instructions, also while this thread waits for it."""
        interrupted: KeyboardInterrupt | None = None
        while not self.lock._is_owned():  # type: ignore[attr-defined]
            try:
                self.lock.acquire()
            except KeyboardInterrupt as came:
                interrupted = came
        if interrupted:
            raise interrupted

    def question(self, ask: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[], object],
                 what: str) -> None:
        """Asks a function of the program on a thread of its own; threading.excepthook gets what it raises."""

        def run() -> None:
            try:
                done(ask())
            except BaseException:
                failed()
                raise

        threading.Thread(target=run, name=f"libws question: {what}", daemon=True).start()

    def _failed(self, failure: BaseException) -> None:
        def report() -> None:
            threading.excepthook(threading.ExceptHookArgs(
                (type(failure), failure, failure.__traceback__, threading.current_thread())))

        self.calls.append(report)


class ThreadLink(Link):
    """A link whose users are threads, which have the lock of its queue when they come here."""

    queue: Pump

    def __init__(self, queue: Pump, options: Mapping[str, Any], receive_limit: int,
                 on_event: Callable[[Event], object] | None) -> None:
        later = None
        if on_event:
            hook = on_event

            def later(event: Event) -> None:
                queue.calls.append(lambda: hook(event))

        super().__init__(queue, options, receive_limit, later)
        self.changed = threading.Condition(queue.lock)

    def wake(self) -> None:
        self.changed.notify_all()

    def question(self, ask: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[], object],
                 what: str) -> None:
        self.queue.question(ask, done, failed, what)

    def wait(self, check: Callable[[], bool], timeout: float | None) -> bool:
        return self.queue.wait(self.changed, check, timeout)


class Completion:
    """Of a call in a queue for threads."""

    def __init__(self, queue: Pump, changed: threading.Condition) -> None:
        self.over = False
        self.failure: Error | None = None
        self.changed = changed
        self.arguments = queue.completion(self._done)

    def _done(self, failure: Error | None) -> None:
        self.over, self.failure = True, failure
        self.changed.notify_all()


# Of connections that nobody has closed: their last events are still to come.
_orphans: deque[Pump] = deque()


def leave(pump: Pump) -> None:
    """From inside a __del__: takes no lock and does not wait."""
    _orphans.append(pump)


def reap() -> None:
    """Ends the queues of orphans that are gone."""
    for _ in range(len(_orphans)):
        pump = _orphans.popleft()
        if pump.pid != os.getpid():
            continue
        with pump.lock:
            pump.poll(lambda failure: None)
            gone = not pump.table
        if gone:
            pump.destroy()
        else:
            _orphans.append(pump)
