# SPDX-License-Identifier: Apache-2.0
"""A server in an event loop."""
from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, Any, Awaitable, Callable, Generator, Union

from ._client import Connection
from ._constants import EventType
from ._errors import ConnectionClosed, Error, fail
from ._events import Event, event_of, text_of
from ._fill import Filled, known
from ._hub import Hub, LoopLink, completion, hub
from ._link import RECEIVE_LIMIT
from ._native import lib
from ._options import CloseOptions, ServeOptions
from ._questions import Signature, Verification, signature, verification
from ._requests import Request
from ._serving import BaseServer

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ._requests import Answer, Response

    Handler = Callable[[Connection], Awaitable[object]]
    OnUpgrade = Callable[[Request], Union[Answer, Awaitable[Answer]]]
    OnRequest = Callable[[Request], Union[Response, Awaitable[Response]]]


class Server(BaseServer):
    """A server in an event loop, made by serve()."""

    def __init__(self, queue: Hub, handler: Handler, serve: serve) -> None:
        hooks = {"upgrade_events": bool(serve.on_upgrade), "request_events": bool(serve.on_request),
                 "topic_events": bool(serve.on_event)}
        super().__init__(queue, serve.options, hooks)
        self.queue = queue
        self._handler = handler
        self._serve = serve
        self._handlers: dict[asyncio.Task[None], LoopLink] = {}
        self._gone = self._stopping = False
        self._over: asyncio.Future[None] = queue.loop.create_future()
        queue.add(self._handle, self)

    def __repr__(self) -> str:
        return f"<libws.Server {self._handle}>"

    # ---- events --------------------------------------------------------------------------

    def take(self, e: Any) -> None:
        kind, serve = e.type, self._serve
        if kind == EventType.CONNECT:
            self._connected(e)
        elif kind in (EventType.UPGRADE, EventType.REQUEST):
            request = Request(e)
            hook = serve.on_upgrade if request.is_upgrade else serve.on_request
            if hook:
                self.queue.question(*request.question(hook))
        elif e.handle == self._handle:
            if kind == EventType.VERIFY and serve.verify:
                self.queue.question(*verification(serve.verify, e))
            elif kind == EventType.SIGN and serve.sign:
                self.queue.question(*signature(serve.sign, e))
            elif kind == EventType.DESTROYED:
                self.fell_out()
            if serve.on_event:
                serve.on_event(event_of(e))

    def fell_out(self) -> None:
        self._gone = True
        if not self._over.done():
            self._over.set_result(None)

    def _connected(self, e: Any) -> None:
        link = LoopLink(self.queue, self._options, self._serve.receive_limit, self._serve.on_event)
        link.handle = e.handle
        self.queue.add(link.handle, link)
        if self._stopping:
            link.discard()
        link.take(e)
        task = self.queue.loop.create_task(self._handle_one(Connection(link, text_of(e.target))))
        self._handlers[task] = link
        task.add_done_callback(lambda task: self._handlers.pop(task, None))

    async def _handle_one(self, connection: Connection) -> None:
        code = 1000
        try:
            await self._handler(connection)
        except asyncio.CancelledError:
            connection.abort()
            raise
        except Exception as failure:
            if not (isinstance(failure, ConnectionClosed) and failure.handle == connection.handle):
                code = 1011  # RFC 6455 7.4.1: something unexpected
                self.queue.loop.call_exception_handler({
                    "message": "a handler of libws.serve failed", "exception": failure, "connection": connection})
        try:
            await connection.close(code)
        except Error as failure:  # nobody awaits this task
            self.queue.loop.call_exception_handler({"message": "closing failed", "exception": failure})

    # ---- the life of a server ----------------------------------------------------------------

    async def start(self, host: str | None, port: int) -> None:
        (callback, key), started = completion(self.queue)
        filled = self._filled_config(host, port, {"verify_events": bool(self._serve.verify)})
        status = lib.ws_server_start(self._handle, filled.at, callback, key)
        if status:
            self.queue.forget(key)
            fail(status)
        await started

    async def serve_forever(self) -> None:
        """Until close() is called, or this call is cancelled; then the server is closed."""
        try:
            await asyncio.shield(self._over)
        finally:
            await self.close()

    async def stop_listening(self) -> None:
        """Nobody new comes; waits until those that are in their handshake are connected. Connections live on."""
        (callback, key), stopped = completion(self.queue)
        status = lib.ws_server_stop_listening(self._handle, callback, key)
        if status:
            self.queue.forget(key)
            fail(status)
        await stopped

    async def close(self, code: int = 1001, reason: str = "server is going away",
                    **options: Unpack[CloseOptions]) -> None:
        """Closes all connections and waits for their handlers, options["timeout"] seconds (5) each.

        Handlers that run then are cancelled. A call that is cancelled ends everything at once.
        """
        known("close()", options, CloseOptions)
        self._stopping = True
        for link in list(self._handlers.values()):
            link.discard()
        try:
            (callback, key), stopped = completion(self.queue)
            status = lib.ws_server_stop(
                self._handle, Filled("ws_close_options", {**options, "code": code, "reason": reason}).at, callback, key)
            if status:
                self.queue.forget(key)
            else:
                await stopped
            own = asyncio.current_task()
            handlers = [task for task in self._handlers if task is not own]
            if handlers:
                await asyncio.wait(handlers, timeout=options.get("timeout") or 5)
        finally:
            for task in list(self._handlers):
                if task is not asyncio.current_task():
                    task.cancel()
            if not self._gone:
                lib.ws_server_destroy(self._handle)
        while self._handlers.keys() - {asyncio.current_task()}:
            await asyncio.wait(self._handlers.keys() - {asyncio.current_task()})
        await asyncio.shield(self._over)

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


class serve:
    """Listens for WebSocket clients:

        async def handler(ws):
            async for message in ws:
                await ws.send(message)

        async with serve(handler, "127.0.0.1", 8080) as server:
            await server.serve_forever()

    or `server = await serve(...)`, and `await server.close()`. handler runs as a task for each connection,
    which is closed when it returns. What it raises goes to the loop's exception handler, and the peer gets 1011;
    ConnectionClosed of its own connection is the usual end. host is a literal address, None: all of IPv4; port 0: any.

    Keyword arguments are those of ServeOptions, and

    receive_limit: bytes of messages of one connection that wait to be received before it is not read any more.
    on_event: gets each Event of the server and its connections but messages.
    on_upgrade: asked for each client, a Request: None or a dictionary of AcceptOptions accepts it, a Response refuses.
    on_request: asked for any other HTTP request; gives a Response. Both may be plain or async functions.
    verify, sign: as in connect.
    """

    def __init__(self, handler: Handler, host: str | None = None, port: int = 0, *, receive_limit: int = RECEIVE_LIMIT,
                 on_event: Callable[[Event], object] | None = None, on_upgrade: OnUpgrade | None = None,
                 on_request: OnRequest | None = None,
                 verify: Callable[[Verification], bool | Awaitable[bool]] | None = None,
                 sign: Callable[[Signature], bytes | Awaitable[bytes]] | None = None,
                 **options: Unpack[ServeOptions]) -> None:
        known("serve()", options, ServeOptions)
        self._at = (handler, host, port)
        self.receive_limit = receive_limit
        self.on_event, self.on_upgrade, self.on_request = on_event, on_upgrade, on_request
        self.verify, self.sign = verify, sign
        self.options: dict[str, Any] = dict(options)
        self._server: Server | None = None

    def __await__(self) -> Generator[Any, None, Server]:
        return self._start().__await__()

    async def __aenter__(self) -> Server:
        self._server = await self._start()
        return self._server

    async def __aexit__(self, kind: type[BaseException] | None, failure: BaseException | None,
                        trace: TracebackType | None) -> None:
        if self._server:
            await self._server.close()

    async def _start(self) -> Server:
        handler, host, port = self._at
        server = Server(hub(), handler, self)
        try:
            await server.start(host, port)
        except BaseException:
            lib.ws_server_destroy(server.handle)
            raise
        return server
