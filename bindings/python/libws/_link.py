# SPDX-License-Identifier: Apache-2.0
"""One connection as its queue sees it: what has come and was not received yet, and how it ended.

The asyncio and the threaded connection wait differently; all else is here.
"""
from __future__ import annotations

import math
import os
from collections import deque
from typing import Any, Callable, Mapping, Union

from . import _constants as c
from ._constants import ErrorCode, EventType, Full, Stage
from ._errors import ConnectionClosed, Error, check, fail
from ._events import Event, Message, Part, data_of, error_of, event_of, headers_of, message_of, text_of
from ._fill import Filled, known
from ._native import ffi, lib
from ._options import SendOptions
from ._queue import Queue
from ._questions import Signature, Verification, signature, verification

Data = Union[str, bytes, bytearray, memoryview]
NULL = ffi.NULL
MESSAGE, MESSAGE_RECEIVE = int(EventType.MESSAGE), int(EventType.MESSAGE_RECEIVE)
ENDED = (ErrorCode.STATE, ErrorCode.NO_CONNECTION, ErrorCode.HANDLE)
POLITE = (1000, 1001)  # RFC 6455 7.4.1: done, and going away
ABNORMAL = 1006  # RFC 6455 7.4.1: there was no Close frame
RECEIVE_LIMIT = 1 << 20
HIGH_WATER_MARK = 1 << 20
MAX_BUFFERED = 16 << 20  # of the library
OVERHEAD = 64            # of a message that waits here, beside its length


def marks(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with a high-water mark of 1 MiB when none was given: send waits above it."""
    limit = options.get("max_buffered") or MAX_BUFFERED
    return {**options, "high_water_mark": options.get("high_water_mark") or min(HIGH_WATER_MARK, limit)}


def weight(message: Message) -> int:
    return len(message.data if isinstance(message, Part) else message) + OVERHEAD


def encoded(data: Data) -> tuple[Any, int, int]:
    """Pointer, size and type for ws_send."""
    if isinstance(data, str):
        text = data.encode()
        return text, len(text), c.TEXT
    if isinstance(data, bytes):
        return data, len(data), c.BINARY
    if isinstance(data, (bytearray, memoryview)):
        view = ffi.from_buffer(data)
        return view, len(view), c.BINARY
    raise TypeError(f"a message is str or bytes-like, not {type(data).__name__}")


def ranked(call: str, options: Mapping[str, Any]) -> Any:
    """The options of a send as C has them: a key, a priority. None when none is given."""
    if not options:
        return None
    known(call, options, SendOptions)
    return Filled("ws_send_options", options).at


class Link:
    def __init__(self, queue: Queue, options: Mapping[str, Any], receive_limit: int,
                 on_event: Callable[[Event], object] | None) -> None:
        self.queue = queue
        self.handle = 0
        self.messages: deque[Message] = deque()
        self.held = 0                 # weight of messages
        self.limit = receive_limit
        self.paused = False
        self.discards = False         # nobody receives any more
        self.end: ConnectionClosed | None = None
        self.gone = False             # destroyed, or the queue is
        self.opened = False
        self.lost: Error | None = None
        self.protocol = ""
        self.headers: list[tuple[str, str]] = []
        self.reconnects = -1
        self.drains = 0
        self.pongs: dict[bytes, Callable[[float | None], None]] = {}
        self.on_event = on_event
        self.before_reconnect: Callable[[Event], Any] | None = None
        self.verify: Callable[[Verification], Any] | None = None
        self.sign: Callable[[Signature], Any] | None = None
        # What may be sent before ws_buffered_amount is asked again. With another policy nothing waits.
        waits = options.get("full_policy") in (None, 0, Full.REFUSE)
        self.high: float = options["high_water_mark"] if waits else math.inf
        self.room: float = self.high

    # ---- what the loop and the thread do differently ----------------------------------

    def wake(self) -> None:
        """Something has changed for who waits."""
        raise NotImplementedError

    def question(self, ask: Callable[[], Any], done: Callable[[Any], object], failed: Callable[[], object],
                 what: str) -> None:
        """Asks the program, without holding anything up; done gets what it says. what: if it raises."""
        raise NotImplementedError

    # ---- receiving ------------------------------------------------------------------

    def take(self, e: Any) -> None:
        kind = e.type
        if kind == MESSAGE_RECEIVE or kind == MESSAGE:
            if not self.discards:
                message = message_of(e)
                self.messages.append(message)
                self.held += weight(message)
                if self.held > self.limit and not self.paused:
                    self.paused = not lib.ws_pause(self.handle)
                self.wake()
            return
        take = TAKE.get(kind)
        try:
            if take:
                take(self, e)
            self.wake()
        finally:
            if self.on_event:
                self.on_event(event_of(e))

    def pop(self) -> Message:
        """The next message, of which there is one. Reading goes on when half of what stopped it was received."""
        message = self.messages.popleft()
        self.held -= weight(message)
        if self.paused and self.held <= self.limit // 2:
            self.resume()
        return message

    def resume(self) -> None:
        if self.paused:
            self.paused = False
            lib.ws_resume(self.handle)

    def discard(self) -> None:
        """Nobody receives what comes from now on; the end has to come, though."""
        self.discards = True
        self.resume()

    def _headers(self, e: Any) -> None:
        self.headers = headers_of(data_of(e))

    def _open(self, e: Any) -> None:
        self.protocol = text_of(e.protocol)
        self.opened = True
        self.lost = None
        self.reconnects += 1

    def _close(self, e: Any) -> None:
        if e.will_reconnect:
            self._pongs_fail()
            return
        self.ended(e.code, text_of(e.reason), bool(e.clean))

    def _error(self, e: Any) -> None:
        self.lost = error_of(e)
        if e.stage == Stage.RECONNECT and self.opened:
            self.ended(ABNORMAL, "", False)

    def _pong(self, e: Any) -> None:
        done = self.pongs.pop(data_of(e), None)
        if done:
            done(max(e.round_trip_us, 0) / 1e6)

    def _drain(self, _: Any) -> None:
        self.drains += 1

    def _destroyed(self, _: Any) -> None:
        self.fell_out()

    def _before_reconnect(self, e: Any) -> None:
        hook = self.before_reconnect
        if hook:
            event = event_of(e)
            self.question(lambda: hook(event), self._changes, lambda: None,
                          "before_reconnect failed; the try is over when its time is")

    def _changes(self, changes: Any) -> None:
        filled = None if changes is None else Filled("ws_reconnect_changes", changes)
        status = lib.ws_reconnect_with(self.handle, filled.at if filled else NULL)
        if status and not self.end:
            fail(status)

    def _verify(self, e: Any) -> None:
        if self.verify:
            self.question(*verification(self.verify, e))

    def _sign(self, e: Any) -> None:
        if self.sign:
            self.question(*signature(self.sign, e))

    def fell_out(self) -> None:
        self.gone = True
        if not self.end:
            self.ended(ABNORMAL, "", False)
        self.wake()

    def ended(self, code: int, reason: str, clean: bool) -> None:
        lost = self.lost
        self.end = ConnectionClosed(
            lost.code if lost else 0, lost.text if lost else "", lost.stage if lost else 0,
            lost.os_error if lost else 0, 0, code, reason, clean)
        self._pongs_fail()

    def _pongs_fail(self) -> None:
        for done in self.pongs.values():
            done(None)
        self.pongs.clear()

    def why_closed(self) -> ConnectionClosed:
        """A new exception each time, since each raise adds to its traceback."""
        end = self.end
        if not end:
            return ConnectionClosed(handle=self.handle)
        lost = self.lost
        return ConnectionClosed(end.code, lost.text if lost else "", end.stage, end.os_error, 0, end.close_code,
                                end.reason, end.clean, self.handle)

    # ---- sending ---------------------------------------------------------------------

    def send(self, data: Any, size: int, kind: int, rank: Any = None) -> bool:
        """False: the queue is full, and a drain event follows. rank: of ranked()."""
        if rank is None:
            status = lib.ws_send(self.handle, data, size, kind, NULL, NULL)
        else:
            status = lib.ws_send_with(self.handle, data, size, kind, rank, NULL, NULL)
        if status == 0:
            self.room -= size + 14
            return True
        return self._refused(status)

    def send_part(self, data: Any, size: int, kind: int, ends: bool) -> bool:
        status = lib.ws_send_part(self.handle, data, size, kind, ends, NULL, NULL)
        if status == 0:
            self.room -= size + 14
            return True
        return self._refused(status)

    def _refused(self, status: int) -> bool:
        if status == ErrorCode.FULL and self.high != math.inf:
            return False
        if status in ENDED and (self.opened or self.end):
            raise self.why_closed()
        fail(status)

    def has_room(self) -> bool:
        """Whether no more waits to be sent than the high-water mark; if it does, a drain event follows."""
        if self.room >= 0:
            return True
        lib.ws_queue_flush(self.queue.handle)  # what is gathered has not risen above a mark
        amount = ffi.new("uint64_t *")
        if lib.ws_buffered_amount(self.handle, amount):
            return True  # it has ended, as the send will say
        self.room = self.high - amount[0]
        return self.room >= 0

    def with_hooks(self, options: Mapping[str, Any]) -> Mapping[str, Any]:
        """The options, with the flags that the hooks want."""
        if self.verify:
            options = {**options, "verify_events": True}
        if self.before_reconnect:
            given = options.get("reconnect", True)
            options = {**options, "reconnect": {**({} if given is True else given), "ask_before_reconnect": True}}
        return options

    # ---- the end ---------------------------------------------------------------------

    def begin_close(self, options: Mapping[str, Any], done: Callable[[Error | None], None]) -> bool:
        """False: it is closing already, or over, and done is not called."""
        self.discard()
        callback, key = self.queue.completion(done)
        status = lib.ws_close(self.handle, Filled("ws_close_options", options).at, callback, key)
        if status:
            self.queue.forget(key)
            if status not in ENDED:
                fail(status)
        return not status

    def destroy(self) -> None:
        """At once. Once more is no error."""
        if os.getpid() == self.queue.pid and not self.gone:
            lib.ws_destroy(self.handle)

    def ping(self, data: bytes, done: Callable[[float | None], None]) -> None:
        if data in self.pongs:
            raise ValueError("a ping with the same data waits for its pong")
        self.pongs[data] = done
        status = lib.ws_ping(self.handle, data, len(data))
        if status:
            del self.pongs[data]
            if status in ENDED:
                raise self.why_closed()
            check(status)


TAKE: dict[int, Callable[[Link, Any], None]] = {
    EventType.HEADER_RECEIVE: Link._headers, EventType.OPEN_INFO: Link._open, EventType.CONNECT: Link._open,
    EventType.CLOSE: Link._close, EventType.ERROR: Link._error, EventType.PONG: Link._pong,
    EventType.DRAIN: Link._drain, EventType.DESTROYED: Link._destroyed, EventType.BEFORE_RECONNECT: Link._before_reconnect,
    EventType.VERIFY: Link._verify, EventType.SIGN: Link._sign}
