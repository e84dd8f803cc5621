# SPDX-License-Identifier: Apache-2.0
"""picows_echo.py - an echo server with Python's picows, on asyncio's own loop:

    picows_echo.py PORT [CERTIFICATE KEY]
"""
import asyncio
import ssl
import sys

from picows import WSListener, WSMsgType, ws_create_server


class Echo(WSListener):
    def on_ws_frame(self, transport, frame):
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
        else:
            transport.send(frame.msg_type, frame.get_payload_as_memoryview(), frame.fin)


async def main(port, *files):
    tls = None
    if files:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*files)
    server = await ws_create_server(lambda _: Echo(), "127.0.0.1", int(port), ssl=tls, backlog=4096, max_frame_size=1 << 30)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
