# SPDX-License-Identifier: Apache-2.0
"""What comes out of a queue, as objects of Python."""
from __future__ import annotations

from typing import Any, NamedTuple, Union

from ._constants import TEXT, EventType, PartOf
from ._errors import Error, make_error
from ._native import ffi


class Part(NamedTuple):
    """A piece of a message, with receive_parts. Text may end inside a character, so it is bytes, too."""

    data: bytes
    is_text: bool
    part: PartOf


Message = Union[str, bytes, Part]


class Event(NamedTuple):
    """What on_event gets: what ws_types.h says that an event of this type has; the others are 0 or empty."""

    type: EventType
    handle: int
    error: Error | None
    data: bytes
    code: int
    reason: str
    clean: bool
    will_reconnect: bool
    attempt: int
    delay: float
    round_trip: float
    protocol: str
    message_size: int
    pattern: bool


def text_of(pointer: Any) -> str:
    return bytes(ffi.string(pointer)).decode("utf-8", "replace") if pointer else ""


def data_of(e: Any) -> bytes:
    return bytes(ffi.buffer(e.data, e.size)) if e.size else b""


def body_of(e: Any) -> bytes:
    return bytes(ffi.buffer(e.body, e.body_size)) if e.body_size else b""


def message_of(e: Any) -> Message:
    if e.part:
        return Part(data_of(e), e.message_type == TEXT, PartOf(e.part))
    if e.message_type == TEXT:
        return str(ffi.buffer(e.data, e.size), "utf-8") if e.size else ""
    return data_of(e)


def headers_of(data: bytes) -> list[tuple[str, str]]:
    """Names and values in turn, a NUL behind each."""
    texts = data.decode("latin-1").split("\0")
    return list(zip(texts[::2], texts[1::2]))


def error_of(e: Any) -> Error | None:
    """Of an error event, a completion and a question before a reconnect."""
    if not e.error:
        return None
    failure = make_error(e.error, text_of(e.text), e.stage, e.os_error, e.status)
    if e.type == EventType.ERROR:
        failure.headers, failure.body = headers_of(data_of(e)), body_of(e)
    return failure


def event_of(e: Any) -> Event:
    return Event(
        EventType(e.type), e.handle, error_of(e), data_of(e), e.code, text_of(e.reason), bool(e.clean),
        bool(e.will_reconnect), e.attempt, e.delay_ms / 1000, e.round_trip_us / 1e6, text_of(e.protocol),
        e.message_size, bool(e.pattern))
