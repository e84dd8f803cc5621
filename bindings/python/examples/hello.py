#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A server and a client: the client says "Hello, server!", the server answers "bye", the client closes.

    hello.py                 both, in one program
    hello.py serve PORT      the server, until Ctrl-C
    hello.py connect URL     the client
"""
import asyncio
import sys

import libws


async def handler(ws):
    print(f"on connect, clientIp:{ws.remote_address.rpartition(':')[0]}")
    async for message in ws:
        print(f"on messageReceive, data:{message}")
        if message == "Hello, server!":
            await ws.send("bye")
    print(f"on close of the server, code is {ws.close_code}, reason is {ws.close_reason}")


async def client(url):
    try:
        async with libws.connect(url) as ws:
            print("connect success")
            await ws.send("Hello, server!")
            async for message in ws:
                print(f"on message, message:{message}")
                if message == "bye":
                    await ws.close(1000, "done")
                    print("close success")
        print(f"on close, code is {ws.close_code}, reason is {ws.close_reason}")
    except libws.Error as error:
        print(f"on error, {error.name} {error.stage.name}: {error.text}")


async def main(role="both", where="0"):
    if role == "connect":
        return await client(where)
    async with libws.serve(handler, "127.0.0.1", int(where)) as server:
        print("listening", flush=True)
        if role == "serve":
            await server.serve_forever()
        await client(f"ws://127.0.0.1:{server.port}/")


try:
    asyncio.run(main(*sys.argv[1:]))
except KeyboardInterrupt:
    pass
