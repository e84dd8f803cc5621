# SPDX-License-Identifier: Apache-2.0
"""What both kinds of connections have in common: facts, and calls that never wait."""
from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from ._constants import ErrorCode, State, Text
from ._errors import check, make_error
from ._events import text_of
from ._link import Data, Link, encoded, ranked
from ._native import ffi, lib
from ._options import SendOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack


def figures(struct: str, call: Any, *handle: int) -> dict[str, int]:
    """A struct of figures as a dictionary."""
    made = ffi.new(f"{struct} *")
    made.struct_size = ffi.sizeof(struct)
    check(call(*handle, made))
    return {name: getattr(made, name) for name, _ in ffi.typeof(struct).fields
            if name != "struct_size" and not name.startswith("reserved")}


def name_bytes(name: str | bytes) -> bytes:
    return name.encode() if isinstance(name, str) else name


class BaseConnection:
    """A WebSocket connection, of a client or of a server.

    The methods here never wait and may be called from any thread.
    """

    def __init__(self, link: Link, target: str = "") -> None:
        self._link = link
        self.target = target
        """Path and query of the request, as the client sent them; of a server's connection."""

    def __del__(self) -> None:
        link: Link | None = getattr(self, "_link", None)
        if link and not link.gone:
            if not link.end and lib.ws_state(link.handle, ffi.new("int32_t *")) == 0:
                warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self)
            link.destroy()

    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__name__} {self._link.handle} {self.state.name.lower()}>"

    # ---- facts ---------------------------------------------------------------------

    @property
    def handle(self) -> int:
        """The number of the connection in events."""
        return self._link.handle

    @property
    def state(self) -> State:
        state = ffi.new("int32_t *", State.CLOSED)
        lib.ws_state(self._link.handle, state)
        return State(state[0])

    @property
    def protocol(self) -> str:
        """The subprotocol that was agreed on, "" for none."""
        return self._link.protocol

    @property
    def response_headers(self) -> list[tuple[str, str]]:
        """Of a client: the header of the server's answer."""
        return self._link.headers

    @property
    def request_headers(self) -> list[tuple[str, str]]:
        """Of a server's connection with keep_request=True: the header of the request."""
        lines = self.text(Text.REQUEST_HEADER).splitlines()
        return [(name, value) for name, _, value in (line.partition(": ") for line in lines)]

    @property
    def reconnects(self) -> int:
        """How often a client was connected again."""
        return max(self._link.reconnects, 0)

    @property
    def close_code(self) -> int | None:
        """The code of the peer's Close frame; 1005: it had none, 1006: there was no frame; None: not over."""
        end = self._link.end
        return end.close_code if end else None

    @property
    def close_reason(self) -> str:
        end = self._link.end
        return end.reason if end else ""

    @property
    def buffered_amount(self) -> int:
        """Bytes that were sent and that the system does not have yet."""
        amount = ffi.new("uint64_t *")
        return int(amount[0]) if lib.ws_buffered_amount(self._link.handle, amount) == 0 else 0

    def text(self, which: Text | int) -> str:
        """What Text names: addresses, TLS version and cipher, certificate of the peer and so on."""
        size = ffi.new("size_t *")
        capacity = 256
        while True:
            buffer = ffi.new("char[]", capacity)
            status = lib.ws_connection_text(self._link.handle, which, buffer, capacity, size)
            if status != ErrorCode.BUFFER:
                check(status)
                return text_of(buffer)
            capacity = size[0] + 64

    @property
    def remote_address(self) -> str:
        """ "127.0.0.1:80"; of the client behind a trusted proxy, if there is one."""
        return self.text(Text.REMOTE_ADDRESS)

    @property
    def local_address(self) -> str:
        return self.text(Text.LOCAL_ADDRESS)

    def stats(self) -> dict[str, int]:
        """The members of ws_connection_stats."""
        return figures("ws_connection_stats", lib.ws_connection_stats_get, self._link.handle)

    # ---- calls that never wait --------------------------------------------------------

    def send_nowait(self, message: Data, **options: Unpack[SendOptions]) -> None:
        """Sends str as text, else binary, from any thread. Error with code FULL: max_buffered bytes wait.

        key=7 replaces the message with this key that still waits, priority=1..7 goes before those with a lower one.
        """
        if not self._link.send(*encoded(message), ranked("send_nowait()", options)):
            raise make_error(ErrorCode.FULL, f"{self._link.handle}: the output queue is full; use send, which waits")

    def pong(self, data: bytes = b"") -> None:
        """Sends a pong: the answer to a ping with manual_pong=True, or a sign of life."""
        check(lib.ws_pong(self._link.handle, data, len(data)))

    def abort(self) -> None:
        """Ends the connection at once, without a closing handshake."""
        self._link.discard()
        lib.ws_abort(self._link.handle)

    def set_correlation_id(self, name: str) -> None:
        """An id of the program's own, in lines of the log."""
        check(lib.ws_set_correlation_id(self._link.handle, name.encode()))

    def subscribe(self, topic: str | bytes) -> None:
        """A server's connection gets what Server.publish sends to the topic from now on."""
        name = name_bytes(topic)
        check(lib.ws_subscribe(self._link.handle, name, len(name)))

    def unsubscribe(self, topic: str | bytes) -> None:
        name = name_bytes(topic)
        check(lib.ws_unsubscribe(self._link.handle, name, len(name)))

    def subscribe_pattern(self, pattern: str | bytes) -> None:
        """All topics that the pattern fits, by the rules of MQTT: "room/+/news", "room/#"."""
        name = name_bytes(pattern)
        check(lib.ws_subscribe_pattern(self._link.handle, name, len(name)))

    def unsubscribe_pattern(self, pattern: str | bytes) -> None:
        name = name_bytes(pattern)
        check(lib.ws_unsubscribe_pattern(self._link.handle, name, len(name)))

    def is_subscribed(self, topic: str | bytes) -> bool:
        """Whether it gets what is published to the topic, by it or by a pattern."""
        name, how = name_bytes(topic), ffi.new("int32_t *")
        check(lib.ws_is_subscribed(self._link.handle, name, len(name), how))
        return bool(how[0])

    def subscriptions(self) -> list[tuple[bytes, bool]]:
        """Topics and patterns, newest first, each with whether it is a pattern."""
        size, capacity = ffi.new("size_t *"), 1024
        while True:
            data = ffi.new("char[]", capacity)
            status = lib.ws_subscriptions(self._link.handle, data, capacity, size)
            if status != ErrorCode.BUFFER:
                check(status)
                break
            capacity = size[0] + 1024
        at, name, length, pattern = (ffi.new(f"{kind} *") for kind in ("size_t", "const void *", "size_t", "int32_t"))
        found: list[tuple[bytes, bool]] = []
        while lib.ws_subscription_next(data, size[0], at, name, length, pattern):
            found.append((bytes(ffi.buffer(name[0], length[0])), bool(pattern[0])))
        return found
