#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""As hello.py, with threads."""
import libws.sync


def handler(ws):
    for message in ws:
        print(f"on messageReceive, data:{message}")
        if message == "Hello, server!":
            ws.send("bye")


with libws.sync.serve(handler, "127.0.0.1", 0) as server:
    with libws.sync.connect(f"ws://127.0.0.1:{server.port}/") as ws:
        ws.send("Hello, server!")
        for message in ws:
            print(f"on message, message:{message}")
            if message == "bye":
                ws.close(1000, "done")
    print(f"on close, code is {ws.close_code}, reason is {ws.close_reason}")
