#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Autobahn on asyncio in both roles; see talk.py."""
import asyncio
import contextlib
import os

from autobahn.asyncio.websocket import (WebSocketClientFactory, WebSocketClientProtocol, WebSocketServerFactory,
                                        WebSocketServerProtocol)
from autobahn.websocket.compress import (PerMessageDeflateOffer, PerMessageDeflateOfferAccept, PerMessageDeflateResponse,
                                         PerMessageDeflateResponseAccept)

import talk

# By itself it waits a second for the end, which a busy machine may need.
PATIENT = {"maxMessagePayloadSize": 0, "openHandshakeTimeout": 60, "closeHandshakeTimeout": 60}


class Session:
    """The part that both roles share."""

    def __init__(self):
        super().__init__()
        self.inbox = asyncio.Queue()
        self.ready = asyncio.get_running_loop().create_future()
        self.pong = None

    def onOpen(self):
        self.ready.set_result(self)

    def onMessage(self, payload, isBinary):
        self.inbox.put_nowait(payload if isBinary else payload.decode())

    def onPong(self, payload):
        assert payload == b"between", payload
        self.pong.set_result(None)

    def onClose(self, wasClean, code, reason):
        end = talk.End(self.remoteCloseCode or (1005 if wasClean else 1006), self.remoteCloseReason or "")
        if not self.ready.done():
            self.ready.set_exception(ConnectionError(f"{code}: {reason}"))
        self.inbox.put_nowait(end)

    async def send(self, message):
        text = isinstance(message, str)
        self.sendMessage(message.encode() if text else message, not text)

    async def send_bad_text(self):
        self.sendMessage(b"bad \xff", False)

    async def send_parts(self, parts):
        text = isinstance(parts[0], str)
        parts = [p.encode() if text else p for p in parts]
        self.pong = asyncio.get_running_loop().create_future()
        self.beginMessage(not text, doNotCompress=True)  # it cannot frame by frame
        self.sendMessageFrame(parts[0])
        self.sendPing(b"between")
        await self.pong
        for p in parts[1:-1]:
            self.sendMessageFrame(p)
        self.beginMessageFrame(len(parts[-1]))
        self.sendMessageFrameData(parts[-1])
        self.endMessage()

    async def receive(self):
        got = await self.inbox.get()
        if isinstance(got, talk.End):
            raise got
        return got

    async def close(self, code, reason):
        if code:
            self.sendCloseFrame(code, reason.encode() if reason else None)
        else:
            self.sendClose()
        while True:
            try:
                await self.receive()
            except talk.End as end:
                return end


class Client(Session, WebSocketClientProtocol):
    pass


def packing(offers, accept):
    """The options for permessage-deflate, when it is wanted."""
    if "WS_PEER_COMPRESS" not in os.environ:
        return {}
    return {"perMessageCompressionAccept": accept, **({"perMessageCompressionOffers": offers} if offers else {})}


def grant(offers):
    return next(PerMessageDeflateOfferAccept(o) for o in offers if isinstance(o, PerMessageDeflateOffer))


def take(response):
    assert isinstance(response, PerMessageDeflateResponse), response
    return PerMessageDeflateResponseAccept(response)


class Server(Session, WebSocketServerProtocol):
    def onOpen(self):
        super().onOpen()
        self.serving = asyncio.create_task(talk.serve(self))


@contextlib.asynccontextmanager
async def dial(url, context):
    factory = WebSocketClientFactory(url)
    factory.protocol = Client
    factory.setProtocolOptions(**PATIENT, serverConnectionDropTimeout=60, **packing([PerMessageDeflateOffer()], take))
    host, port = factory.host, factory.port
    _, protocol = await asyncio.get_running_loop().create_connection(
        factory, host, port, ssl=context, server_hostname=host if context else None)
    yield await protocol.ready


async def server(context):
    factory = WebSocketServerFactory()
    factory.protocol = Server
    factory.setProtocolOptions(**PATIENT, echoCloseCodeReason=True, **packing(None, grant))
    listening = await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0, ssl=context)
    talk.listening(listening.sockets[0].getsockname()[1], context)
    await talk.until_stdin_ends()
    listening.close()


talk.main(dial, server)
