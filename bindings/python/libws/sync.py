# SPDX-License-Identifier: Apache-2.0
"""The same for threads: each call waits, and those that wait have a timeout in seconds.

    with libws.sync.connect("ws://127.0.0.1:8080/") as ws:
        ws.send("Hello, server!")
        for message in ws:
            print(message)

    def handler(ws):            # a thread for each connection
        for message in ws:
            ws.send(message)

    with libws.sync.serve(handler, "127.0.0.1", 8080) as server:
        server.serve_forever()

Any thread may use any connection. Options, errors and hooks are those of libws.connect and libws.serve; hooks
are plain functions, and run on a thread that waits or one of their own.
"""
from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator

from ._connection import BaseConnection
from ._constants import ErrorCode, EventType
from ._errors import ConnectionClosed, Error, TimedOut, created, fail
from ._events import Event, Message, event_of, text_of
from ._fill import Filled, known
from ._link import POLITE, RECEIVE_LIMIT, Data, encoded, marks, ranked
from ._native import ffi, lib
from ._options import CloseOptions, ConnectOptions, ReconnectChanges, SendOptions, ServeOptions
from ._pump import Completion, Pump, ThreadLink, leave, reap
from ._questions import Signature, Verification, signature, verification
from ._requests import Request
from ._serving import BaseServer

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Answer, Response

    Handler = Callable[["Connection"], object]

__all__ = ["Connection", "Server", "connect", "serve"]


def _late(what: str, timeout: float | None) -> TimedOut:
    return TimedOut(ErrorCode.TIMEOUT, f"{what}: not within {timeout} s")


class Connection(BaseConnection):
    """A WebSocket connection for threads. Any thread may call anything."""

    _link: ThreadLink
    _owns_queue = True

    def __del__(self) -> None:
        super().__del__()
        link: ThreadLink | None = getattr(self, "_link", None)
        if link and not link.gone and self._owns_queue:
            leave(link.queue)

    def recv(self, timeout: float | None = None) -> Message:
        """The next message: str for text, bytes for binary, Part with receive_parts.

        What came before the end is received before ConnectionClosed is raised.
        """
        link = self._link
        with link.queue.lock:
            if not link.messages and not link.wait(lambda: bool(link.messages or link.end), timeout):
                raise _late("recv", timeout)
            if link.messages:
                return link.pop()
            raise link.why_closed()

    def __iter__(self) -> Iterator[Message]:
        """Ends when the connection was closed with 1000 or 1001; any other end is ConnectionClosed."""
        while True:
            try:
                message = self.recv()
            except ConnectionClosed as end:
                if end.close_code in POLITE:
                    return
                raise
            yield message

    def send(self, message: Data, timeout: float | None = None, **options: Unpack[SendOptions]) -> None:
        """Sends str as text, bytes and the like as binary; returns when the library has it.

        key and priority are those of the asyncio connection's send.
        Waits while more than high_water_mark bytes (1 MiB unless given) wait to be sent. When the time is over
        nothing was sent.
        """
        link = self._link
        data, rank = encoded(message), ranked("send()", options)
        if link.room >= 0 and link.send(*data, rank):
            return
        with link.queue.lock:
            end = None if timeout is None else time.monotonic() + timeout
            while True:
                left = None if end is None else end - time.monotonic()
                if not link.wait(lambda: bool(link.has_room() or link.end), left):
                    raise _late("send", timeout)
                if link.send(*data, rank):
                    return
                link.room = -1
                drains = link.drains
                if not link.wait(lambda: bool(link.drains > drains or link.end), left):
                    raise _late("send", timeout)

    def send_parts(self, parts: Iterable[str | bytes]) -> None:
        """Sends one message whose parts come one after the other (RFC 6455 5.4).

        Other sends fail with the code STATE meanwhile. When parts raises, the connection is ended, because the
        peer cannot know otherwise.
        """
        kind = 0
        try:
            for part in parts:
                data, size, of = encoded(part)
                if kind and of != kind:
                    raise TypeError("a part of a text is str, a part of a binary message is bytes")
                kind = of
                self._part(data, size, kind, False)
            self._part(b"", 0, kind or 1, True)
        except BaseException:
            self.abort()
            raise

    def _part(self, data: Any, size: int, kind: int, ends: bool) -> None:
        link = self._link
        with link.queue.lock:
            while True:
                link.wait(lambda: bool(link.has_room() or link.end), None)
                if link.send_part(data, size, kind, ends):
                    return
                drains = link.drains
                link.wait(lambda: bool(link.drains > drains or link.end), None)

    def ping(self, data: bytes | None = None, timeout: float | None = None) -> float:
        """Sends a ping and waits for its pong: seconds between them."""
        link = self._link
        answers: list[float | None] = []
        with link.queue.lock:
            data = id(answers).to_bytes(8, "big") if data is None else data
            link.ping(data, answers.append)
            if not link.wait(lambda: bool(answers), timeout):
                link.pongs.pop(data, None)
                raise _late("ping", timeout)
            if answers[0] is None:
                raise link.why_closed()
            return answers[0]

    def close(self, code: int = 1000, reason: str = "", **options: Unpack[CloseOptions]) -> None:
        """Closes, and waits until the connection is over; the peer has options["timeout"] seconds, 5 unless given.

        Messages that are here already can still be received, later ones are dropped.
        """
        link = self._link
        known("close()", options, CloseOptions)
        closed: list[Error | None] = []
        with link.queue.lock:
            if not link.end and not link.gone:
                waits = link.begin_close({**options, "code": code, "reason": reason}, closed.append)
                link.wait(lambda: bool(link.end or closed or (link.gone and not waits)), None)
            link.destroy()
            link.wait(lambda: link.gone, None)
            ends = self._owns_queue and not link.queue.table and not link.queue.over
            link.queue.over |= ends
        if ends:
            link.queue.destroy()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(1000 if kind is None or issubclass(kind, ConnectionClosed) else 1011)


class _ServerConnection(Connection):
    """One of a server, whose queue is that of all."""

    _owns_queue = False


def connect(url: str, *, receive_limit: int = RECEIVE_LIMIT, on_event: Callable[[Event], object] | None = None,
            before_reconnect: Callable[[Event], ReconnectChanges | None] | None = None,
            verify: Callable[[Verification], bool] | None = None,
            sign: Callable[[Signature], bytes] | None = None, **options: Unpack[ConnectOptions]) -> Connection:
    """Connects to a WebSocket server; the arguments are those of libws.connect."""
    known("connect()", options, ConnectOptions)
    reap()
    queue, given = Pump(), marks(options)
    link = ThreadLink(queue, given, receive_limit, on_event)
    try:
        link.handle = created(lib.ws_create(Filled("ws_create_options", given, ping_events=True, queue=queue.handle).at))
    except BaseException:
        queue.destroy()
        raise
    queue.add(link.handle, link)
    connection = Connection(link)
    try:
        link.before_reconnect, link.verify, link.sign = before_reconnect, verify, sign
        filled = Filled("ws_connect_options", link.with_hooks(given))
        with queue.lock:
            opened = Completion(queue, link.changed)
            status = lib.ws_connect(link.handle, ffi.new("char[]", url.encode()), filled.at, *opened.arguments)
            if status:
                queue.forget(opened.arguments[1])
                fail(status)
            link.wait(lambda: bool(opened.over and (opened.failure or link.opened or link.end)), None)
        if opened.failure:
            raise opened.failure
        return connection
    except BaseException as failure:
        link.destroy()
        connection.close()
        if isinstance(failure, Error) and link.lost:  # the error event follows the completion
            failure.headers, failure.body = link.lost.headers, link.lost.body
        raise


class Server(BaseServer):
    """A server whose connections have a thread each, made by serve()."""

    def __init__(self, queue: Pump, handler: Handler, options: dict[str, Any], receive_limit: int,
                 hooks: dict[str, Callable[..., Any] | None]) -> None:
        super().__init__(queue, options, {
            "upgrade_events": bool(hooks["on_upgrade"]), "request_events": bool(hooks["on_request"]),
            "topic_events": bool(hooks["on_event"])})
        self.queue = queue
        self._handler = handler
        self._limit = receive_limit
        self._hooks = hooks
        self._changed = threading.Condition(queue.lock)
        self._links: dict[threading.Thread, ThreadLink] = {}
        self._gone = self._stopping = False
        queue.add(self._handle, self)

    def take(self, e: Any) -> None:
        kind, hooks = e.type, self._hooks
        if kind == EventType.CONNECT:
            self._connected(e)
        elif kind in (EventType.UPGRADE, EventType.REQUEST):
            request = Request(e)
            hook = hooks["on_upgrade" if request.is_upgrade else "on_request"]
            if hook:
                self.queue.question(*request.question(hook))
        elif e.handle == self._handle:
            verify, sign, on_event = hooks["verify"], hooks["sign"], hooks["on_event"]
            if kind == EventType.VERIFY and verify:
                self.queue.question(*verification(verify, e))
            elif kind == EventType.SIGN and sign:
                self.queue.question(*signature(sign, e))
            elif kind == EventType.DESTROYED:
                self.fell_out()
            if on_event:
                event, hook = event_of(e), on_event
                self.queue.calls.append(lambda: hook(event))

    def fell_out(self) -> None:
        self._gone = True
        self._changed.notify_all()

    def _connected(self, e: Any) -> None:
        link = ThreadLink(self.queue, self._options, self._limit, self._hooks["on_event"])
        link.handle = e.handle
        self.queue.add(link.handle, link)
        if self._stopping:
            link.discard()
        link.take(e)
        connection = _ServerConnection(link, text_of(e.target))
        thread = threading.Thread(target=self._handle_one, args=(connection,), name="libws handler", daemon=True)
        self._links[thread] = link
        thread.start()

    def _handle_one(self, connection: Connection) -> None:
        code = 1000
        try:
            self._handler(connection)
        except ConnectionClosed as end:
            if end.handle != connection.handle:
                code = 1011
                raise
        except BaseException:
            code = 1011  # RFC 6455 7.4.1: something unexpected
            raise  # threading.excepthook gets it
        finally:
            try:
                connection.close(code)
            finally:
                with self.queue.lock:
                    self._links.pop(threading.current_thread(), None)
                    self._changed.notify_all()

    def _start(self, host: str | None, port: int) -> None:
        """The queue has a thread that is always there for it, since handlers may do something else."""
        threading.Thread(target=self._keep_polling, name="libws server", daemon=True).start()
        with self.queue.lock:
            started = Completion(self.queue, self._changed)
            filled = self._filled_config(host, port, {"verify_events": bool(self._hooks["verify"])})
            status = lib.ws_server_start(self._handle, filled.at, *started.arguments)
            if status:
                self.queue.forget(started.arguments[1])
                fail(status)
            self.queue.wait(self._changed, lambda: started.over, None)
        if started.failure:
            raise started.failure

    def _keep_polling(self) -> None:
        with self.queue.lock:
            self.queue.wait(threading.Condition(self.queue.lock), lambda: not self.queue.table, None)
        self.queue.destroy()

    def serve_forever(self) -> None:
        """Until close() is called by another thread, or Ctrl-C; then the server is closed."""
        try:
            with self.queue.lock:
                self.queue.wait(self._changed, lambda: self._gone, None)
        finally:
            self.close()

    def close(self, code: int = 1001, reason: str = "server is going away", **options: Unpack[CloseOptions]) -> None:
        """Closes all connections and waits for their handlers, options["timeout"] seconds (5) each.

        Handlers that run then are left alone: a thread cannot be ended. Not inside a handler.
        """
        known("close()", options, CloseOptions)
        queue, wait = self.queue, self.queue.wait
        with queue.lock:
            if self._gone:
                return
            self._stopping = True
            for link in self._links.values():
                link.discard()
            stopped = Completion(queue, self._changed)
            filled = Filled("ws_close_options", {**options, "code": code, "reason": reason})
            if lib.ws_server_stop(self._handle, filled.at, *stopped.arguments):
                queue.forget(stopped.arguments[1])
            else:
                wait(self._changed, lambda: stopped.over or self._gone, None)
            wait(self._changed, lambda: not self._links, options.get("timeout") or 5)
            lib.ws_server_destroy(self._handle)
            wait(self._changed, lambda: self._gone, None)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def serve(handler: Handler, host: str | None = None, port: int = 0, *, receive_limit: int = RECEIVE_LIMIT,
          on_event: Callable[[Event], object] | None = None,
          on_upgrade: Callable[[Request], Answer] | None = None,
          on_request: Callable[[Request], Response] | None = None,
          verify: Callable[[Verification], bool] | None = None,
          sign: Callable[[Signature], bytes] | None = None, **options: Unpack[ServeOptions]) -> Server:
    """Listens for WebSocket clients; handler runs on a thread for each, what it raises goes to threading.excepthook.

    The other arguments are those of libws.serve. The server listens when this returns.
    """
    known("serve()", options, ServeOptions)
    reap()
    hooks = {"on_event": on_event, "on_upgrade": on_upgrade, "on_request": on_request, "verify": verify, "sign": sign}
    server = Server(Pump(), handler, dict(options), receive_limit, hooks)
    try:
        server._start(host, port)
    except BaseException:
        lib.ws_server_destroy(server.handle)
        raise
    return server
