# SPDX-License-Identifier: Apache-2.0
"""Read by mypy --strict, never run: what has to be right."""
import asyncio
from pathlib import Path

import libws
import libws.sync


async def handler(ws: libws.Connection) -> None:
    async for message in ws:
        if isinstance(message, str):
            await ws.send(message.upper())
        elif isinstance(message, bytes):
            await ws.send(message)
    code: "int | None" = ws.close_code
    print(code, ws.protocol, ws.state.name)


def decide(request: libws.Request) -> "libws.Response | libws.AcceptOptions | None":
    return {"protocol": "chat"} if request.header("X") else libws.Response(404, "no", headers={"A": "b"})


async def fresh(event: libws.Event) -> libws.ReconnectChanges:
    return {"headers": [("Authorization", "Bearer 1")]}


async def main() -> None:
    async with libws.serve(handler, "127.0.0.1", 0, on_upgrade=decide, compression=True,
                           listeners=[{"path": Path("/tmp/x")}], cert=b"") as server:
        taken: int = server.publish("topic", "message", key=7, priority=1)
        print(taken)
    async with libws.connect("ws://127.0.0.1/", compression={"level": 3}, reconnect={"max_tries": 2}, before_reconnect=fresh,
                             proxy=libws.Proxy.NONE, idle_timeout=None, strict_pong=True, verify=lambda v: v.refused is None) as ws:
        await ws.send(b"x")
        seconds: float = await ws.ping()
        await ws.close(1000, "done", timeout=seconds)
    try:
        connection: libws.Connection = await libws.connect("ws://127.0.0.1/")
        await connection.recv()
    except libws.ConnectionClosed as end:
        print(end.close_code, end.reason)
    except libws.Error as error:
        print(error.code, error.name, error.stage, error.text)


def threads() -> None:
    with libws.sync.connect("ws://127.0.0.1/", handshake_timeout=1.5) as ws:
        ws.send("x", timeout=1)
        for message in ws:
            print(message)


asyncio.run(main())
