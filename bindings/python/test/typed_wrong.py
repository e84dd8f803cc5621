# SPDX-License-Identifier: Apache-2.0
"""Read by mypy --strict, never run: each marked line has to be refused."""
import libws
import libws.sync

libws.connect("ws://127.0.0.1/", max_mesage_size=1)  # wrong
libws.connect("ws://127.0.0.1/", max_message_size="1")  # wrong
libws.connect(7)  # wrong
libws.connect("ws://127.0.0.1/", compression={"levle": 1})  # wrong
libws.connect("ws://127.0.0.1/", reconnect=3)  # wrong
libws.connect("ws://127.0.0.1/", strict_pong="yes")  # wrong
libws.connect("ws://127.0.0.1/", headers=["a: b"])  # wrong
libws.sync.serve(lambda ws: None, 8080)  # wrong
libws.sync.serve(lambda ws: None, "127.0.0.1", listeners=[{"pth": "x"}])  # wrong
libws.sync.connect("ws://127.0.0.1/").send(7)  # wrong
libws.Response(200, body=7)  # wrong


async def several(ws: libws.Connection, server: libws.Server) -> None:
    await ws.send({"a": 1})  # wrong
    await ws.close("1000")  # wrong
    await ws.close(1000, "x", timeot=1)  # wrong
    server.publish("topic", 7)  # wrong
    length: int = await ws.recv()  # wrong
