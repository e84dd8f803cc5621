# SPDX-License-Identifier: Apache-2.0
"""WebSocket client and server for asyncio; libws.sync has the same for threads.

    import asyncio, libws

    async def main():
        async with libws.connect("ws://127.0.0.1:8080/") as ws:
            await ws.send("Hello, server!")
            async for message in ws:
                print(message)

    asyncio.run(main())

Options are keyword arguments: ConnectOptions, ServeOptions. Everything that goes wrong is an Error.
"""
from ._client import Connection, connect
from ._constants import (ClientAddress, Engine, ErrorCode, EventType, Family, Full, LogLevel, PartOf, Proxy, Stage,
                         State, Text, Tls)
from ._errors import ArgumentError, ConnectError, ConnectionClosed, Error, TimedOut
from ._events import Event, Message, Part
from ._library import has_feature, init, library_version, metrics, network_changed, set_log_level, stats
from ._options import (AcceptOptions, AdoptOptions, CertificateOptions, CloseOptions, CompressionOptions, ConnectOptions,
                       InitOptions, ListenerOptions, ReconnectChanges, ReconnectOptions, ResponseOptions, SendOptions,
                       ServeOptions)
from ._questions import Signature, Verification
from ._requests import Request, Response
from ._server import Server, serve
from ._version import VERSION as __version__

__all__ = [
    "AcceptOptions", "AdoptOptions", "ArgumentError", "CertificateOptions", "ClientAddress", "CloseOptions",
    "CompressionOptions", "ConnectError", "ConnectOptions", "Connection", "ConnectionClosed", "Engine", "Error",
    "ErrorCode", "Event", "EventType", "Family", "Full", "InitOptions", "ListenerOptions", "LogLevel", "Message",
    "Part", "PartOf", "Proxy", "ReconnectChanges", "ReconnectOptions", "Request", "Response", "ResponseOptions",
    "SendOptions", "ServeOptions", "Server", "Signature", "Stage", "State", "Text", "TimedOut", "Tls", "Verification",
    "__version__", "connect", "has_feature", "init", "library_version", "metrics", "network_changed", "serve",
    "set_log_level", "stats"]
