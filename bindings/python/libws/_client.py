# SPDX-License-Identifier: Apache-2.0
"""Connections in an event loop, and how a client makes one."""
from __future__ import annotations

import asyncio
from types import TracebackType
from typing import TYPE_CHECKING, Any, AsyncIterable, AsyncIterator, Awaitable, Callable, Generator, Iterable

from ._connection import BaseConnection
from ._errors import ConnectionClosed, Error, created, fail
from ._events import Event, Message
from ._fill import Filled, known
from ._hub import LoopLink, completion, hub
from ._link import POLITE, RECEIVE_LIMIT, Data, encoded, marks, ranked
from ._native import ffi, lib
from ._options import CloseOptions, ConnectOptions, ReconnectChanges, SendOptions
from ._questions import Signature, Verification

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Connection(BaseConnection):
    """A WebSocket connection in an event loop.

    Of the loop that made it. Only what BaseConnection has may be called from other threads.
    """

    _link: LoopLink

    async def recv(self) -> Message:
        """The next message: str for text, bytes for binary, Part with receive_parts.

        What came before the end is received before ConnectionClosed is raised. A cancelled call loses nothing.
        """
        link = self._link
        while not link.messages:
            if link.end:
                raise link.why_closed()
            await link.change()
        return link.pop()

    def __aiter__(self) -> AsyncIterator[Message]:
        return self

    async def __anext__(self) -> Message:
        """Ends when the connection was closed with 1000 or 1001; any other end is ConnectionClosed."""
        link = self._link
        while not link.messages:
            if link.end:
                if link.end.close_code in POLITE:
                    raise StopAsyncIteration
                raise link.why_closed()
            await link.change()
        return link.pop()

    async def send(self, message: Data, **options: Unpack[SendOptions]) -> None:
        """Sends str as text, bytes and the like as binary; returns when the library has it.

        key=7: the message replaces the one with this key that still waits for the peer, so that one that reads
        slowly gets the newest value of each key. priority=1..7: it goes before those with a lower one that wait.
        Waits while more than high_water_mark bytes (1 MiB unless given) wait to be sent. A call that is
        cancelled while it waits has sent nothing.
        """
        link = self._link
        data, rank = encoded(message), ranked("send()", options)
        if link.room < 0 or link.sending_parts:
            await link.may_send()
        while not link.send(*data, rank):
            await link.change()
            await link.may_send()

    async def send_parts(self, parts: Iterable[str | bytes] | AsyncIterable[str | bytes]) -> None:
        """Sends one message whose parts come one after the other (RFC 6455 5.4); other sends wait meanwhile.

        When parts raises, or the call is cancelled, the peer cannot know that the message is none: the
        connection is ended.
        """
        link = self._link
        await link.may_send()
        link.sending_parts = True
        try:
            kind = 0
            async for part in _each(parts):
                data, size, of = encoded(part)
                if kind and of != kind:
                    raise TypeError("a part of a text is str, a part of a binary message is bytes")
                kind = of
                await self._part(data, size, kind, False)
            await self._part(b"", 0, kind or 1, True)
        except BaseException:
            self.abort()
            raise
        finally:
            link.sending_parts = False
            link.wake()

    async def _part(self, data: Any, size: int, kind: int, ends: bool) -> None:
        link = self._link
        while not link.has_room() or not link.send_part(data, size, kind, ends):
            if link.end:
                raise link.why_closed()
            await link.change()

    async def ping(self, data: bytes | None = None) -> float:
        """Sends a ping and waits for its pong: seconds between them."""
        pong: asyncio.Future[float] = self._link.loop.create_future()

        def done(seconds: float | None) -> None:
            if pong.done():
                return
            if seconds is None:
                pong.set_exception(self._link.why_closed())
            else:
                pong.set_result(seconds)

        self._link.ping(id(pong).to_bytes(8, "big") if data is None else data, done)
        return await pong

    async def close(self, code: int = 1000, reason: str = "", **options: Unpack[CloseOptions]) -> None:
        """Closes, and waits until the connection is over; the peer has options["timeout"] seconds, 5 unless given.

        Messages that are here already can still be received, later ones are dropped. A call that is
        cancelled ends the connection at once.
        """
        link = self._link
        known("close()", options, CloseOptions)
        closed = False

        def done(_: Error | None) -> None:
            nonlocal closed
            closed = True
            link.wake()

        try:
            if not link.end and not link.gone:
                waits = link.begin_close({**options, "code": code, "reason": reason}, done)
                while not link.end and not closed and (waits or not link.gone):
                    await link.change()
        except asyncio.CancelledError:
            link.destroy()
            raise
        await link.over()

    async def wait_closed(self) -> None:
        """Until the connection is over, without a part in that. What comes has to be received meanwhile."""
        while not self._link.end:
            await self._link.change()

    async def __aenter__(self) -> Connection:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, failure: BaseException | None,
                        _: TracebackType | None) -> None:
        if kind is None or issubclass(kind, ConnectionClosed):
            await self.close()
        else:
            await self.close(1001 if issubclass(kind, asyncio.CancelledError) else 1011)


async def _each(parts: Iterable[str | bytes] | AsyncIterable[str | bytes]) -> AsyncIterator[str | bytes]:
    if isinstance(parts, AsyncIterable):
        async for part in parts:
            yield part
    else:
        for part in parts:
            yield part


class connect:
    """Connects to a WebSocket server:

        async with connect("wss://example.com/chat", protocol="chat") as ws:
            await ws.send("Hello")
            async for message in ws:
                print(message)

    or `ws = await connect(...)`, and `await ws.close()`. Keyword arguments are those of ConnectOptions, and

    receive_limit: bytes of messages that wait to be received before the connection is not read any more.
    on_event: gets each Event but messages, such as RECONNECTING.
    before_reconnect: with reconnect: asked before each try, with the Event that says what came before; gives
        ReconnectChanges or None. It, verify and sign may be plain or async functions.
    verify: gets a Verification, the certificate of the server, and gives whether it is good.
    sign: with sign_events: gets a Signature that is wanted by the client's key, and gives it as bytes.

    Raises ArgumentError, ConnectError and TimedOut. A timeout of all is handshake_timeout, 15 seconds unless given.
    """

    def __init__(self, url: str, *, receive_limit: int = RECEIVE_LIMIT,
                 on_event: Callable[[Event], object] | None = None,
                 before_reconnect: Callable[[Event], ReconnectChanges | None | Awaitable[ReconnectChanges | None]] | None = None,
                 verify: Callable[[Verification], bool | Awaitable[bool]] | None = None,
                 sign: Callable[[Signature], bytes | Awaitable[bytes]] | None = None,
                 **options: Unpack[ConnectOptions]) -> None:
        known("connect()", options, ConnectOptions)
        self._url = url
        self._limit = receive_limit
        self._hooks = (on_event, before_reconnect, verify, sign)
        self._options: dict[str, Any] = dict(options)
        self._connection: Connection | None = None

    def __await__(self) -> Generator[Any, None, Connection]:
        return self._connect().__await__()

    async def __aenter__(self) -> Connection:
        self._connection = await self._connect()
        return self._connection

    async def __aexit__(self, kind: type[BaseException] | None, failure: BaseException | None,
                        trace: TracebackType | None) -> None:
        if self._connection:
            await self._connection.__aexit__(kind, failure, trace)

    async def _connect(self) -> Connection:
        queue, options = hub(), marks(self._options)
        link = LoopLink(queue, options, self._limit, self._hooks[0])
        _, link.before_reconnect, link.verify, link.sign = self._hooks
        link.handle = created(lib.ws_create(Filled("ws_create_options", options, ping_events=True, queue=queue.handle).at))
        queue.add(link.handle, link)
        try:
            (callback, key), opened = completion(queue)
            filled = Filled("ws_connect_options", link.with_hooks(options))
            status = lib.ws_connect(link.handle, ffi.new("char[]", self._url.encode()), filled.at, callback, key)
            if status:
                queue.forget(key)
                fail(status)
            await opened
            while not link.opened and not link.end:  # openInfo follows
                await link.change()
        except asyncio.CancelledError:
            link.destroy()
            raise
        except BaseException as failure:
            await link.over()
            if isinstance(failure, Error) and link.lost:  # the error event follows the completion
                failure.headers, failure.body = link.lost.headers, link.lost.body
            raise
        return Connection(link)
