# SPDX-License-Identifier: Apache-2.0
"""What both kinds of servers have in common: making one, facts, topics. Nothing here waits."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Sequence

from ._connection import BaseConnection, figures, name_bytes
from ._constants import ErrorCode
from ._errors import check, created
from ._events import text_of
from ._fill import Filled, known
from ._link import Data, encoded, marks, ranked
from ._native import ffi, lib
from ._options import AdoptOptions, CertificateOptions, SendOptions
from ._queue import Queue

if TYPE_CHECKING:
    from typing_extensions import Unpack


class BaseServer:
    """A WebSocket server. The methods here never wait and may be called from any thread."""

    def __init__(self, queue: Queue, options: Mapping[str, Any], also: Mapping[str, bool]) -> None:
        self._options = marks(options)
        self._handle = created(lib.ws_server_create(
            Filled("ws_server_options", self._options, **also, ping_events=True, queue=queue.handle).at))

    def _filled_config(self, host: str | None, port: int, also: Mapping[str, bool]) -> Filled:
        filled = Filled("ws_server_config", {**self._options, **also})
        if host is not None:
            filled.write("ws_server_config", "server_ip", host)
        if port:
            filled.write("ws_server_config", "server_port", port)
        return filled

    @property
    def handle(self) -> int:
        """The number of the server in events."""
        return self._handle

    @property
    def port(self) -> int:
        """Where the server listens, the one chosen when the argument was 0."""
        port = ffi.new("int32_t *")
        check(lib.ws_server_port(self._handle, port))
        return int(port[0])

    @property
    def listeners(self) -> list[tuple[str, int]]:
        """Address, or path of a Unix socket, and port of each socket that listens."""
        info = ffi.new("ws_listener_info *")
        found: list[tuple[str, int]] = []
        info.struct_size = ffi.sizeof("ws_listener_info")
        while lib.ws_server_listener(self._handle, len(found), info) == 0:
            found.append((text_of(info.address), int(info.port)))
        return found

    def descriptor(self, index: int = 0) -> int:
        """A duplicate of a listening socket, for a successor; the caller closes it."""
        fd = ffi.new("int32_t *")
        check(lib.ws_server_descriptor(self._handle, index, fd))
        return int(fd[0])

    def set_certificates(self, certificates: Sequence[CertificateOptions]) -> None:
        """New ones, for handshakes that begin from now on."""
        filled = Filled("ws_server_config", {"certificates": certificates})
        check(lib.ws_server_set_certificates(self._handle, filled.at.certificates, filled.at.certificate_count))

    def adopt(self, descriptor: int, **options: Unpack[AdoptOptions]) -> int:
        """Makes a connection of a socket that the program has accepted (socket.detach()): its handle."""
        known("adopt()", options, AdoptOptions)
        handle = ffi.new("ws_handle *")
        check(lib.ws_server_adopt(
            self._handle, Filled("ws_adopt_options", options, descriptor=descriptor).at, handle))
        return int(handle[0])

    def publish(self, topic: str | bytes, message: Data, leave_out: BaseConnection | None = None,
                **options: Unpack[SendOptions]) -> int:
        """Sends a message to all that have subscribed to the topic: how many took it.

        key=7 replaces the message with this key that still waits for a subscriber, priority=1..7 goes before those
        with a lower one.
        """
        name, count, rank = name_bytes(topic), ffi.new("size_t *"), ranked("publish()", options)
        to = (self._handle, name, len(name), *encoded(message), leave_out.handle if leave_out else 0)
        check(lib.ws_publish(*to, count) if rank is None else lib.ws_publish_with(*to, rank, count))
        return int(count[0])

    def broadcast(self, message: Data, leave_out: BaseConnection | None = None, **options: Unpack[SendOptions]) -> int:
        """Sends a message to all open connections: how many took it. key and priority are those of publish."""
        count, rank = ffi.new("size_t *"), ranked("broadcast()", options)
        to = (self._handle, *encoded(message), leave_out.handle if leave_out else 0)
        check(lib.ws_server_broadcast(*to, count) if rank is None else lib.ws_server_broadcast_with(*to, rank, count))
        return int(count[0])

    def subscribers(self, topic: str | bytes) -> int:
        """How many connections get what is published to the topic."""
        name, count = name_bytes(topic), ffi.new("size_t *")
        status = lib.ws_topic_subscribers(self._handle, name, len(name), ffi.NULL, 0, count)
        if status != ErrorCode.BUFFER:
            check(status)
        return int(count[0])

    def stats(self) -> dict[str, int]:
        """The members of ws_server_stats."""
        return figures("ws_server_stats", lib.ws_server_stats_get, self._handle)

    def metrics(self) -> str:
        """The figures of library and server in the text format of Prometheus."""
        size, capacity = ffi.new("size_t *"), 16384
        while True:
            buffer = ffi.new("char[]", capacity)
            status = lib.ws_metrics(self._handle, buffer, capacity, size)
            if status != ErrorCode.BUFFER:
                check(status)
                return text_of(buffer)
            capacity = size[0] + 4096
