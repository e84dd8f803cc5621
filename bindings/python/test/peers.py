# SPDX-License-Identifier: Apache-2.0
"""Libraries of PyPI at the other end, in both roles: plain, with TLS, and compressed with takeover."""
import asyncio
import itertools
import os
import ssl
import sys
from pathlib import Path

import libws
import libws.sync
from foreign import ALL, VERSIONS, Websockets
from kit import Case, echo, main, serving, until, within

CERTS = Path(os.environ["WS_TEST_CERTS"])
MESSAGES = ["Hello", "Grüße, 世界 \U0001f30d", "", b"", bytes(range(256)), b"x" * 300000, "line\n" * 20000]
COMPRESSION = {"takeover_out": True, "takeover_in": True}
WAYS = list(itertools.product((False, True), (False, True)))  # TLS, compressed


def context(server):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if server else ssl.PROTOCOL_TLS_CLIENT)
    if server:
        made.load_cert_chain(CERTS / "good-cert.pem", CERTS / "good-key.pem")
    else:
        made.load_verify_locations(CERTS / "ca.pem")
    return made


class Peers(Case):
    async def talk(self, ws):
        for message in MESSAGES * 2:
            await within(ws.send(message))
            self.assertEqual(await within(ws.recv()), message)

    async def test_their_clients(self):
        for peer, (tls, packed) in itertools.product(ALL, WAYS):
            if packed and not peer.packs:
                continue
            extensions, ends = [], []

            async def handler(ws):
                extensions.append(ws.text(libws.Text.EXTENSIONS))
                try:
                    await echo(ws)
                finally:
                    ends.append((ws.close_code, ws.close_reason))
            options = {"cert_path": CERTS / "good-cert.pem", "key_path": CERTS / "good-key.pem"} if tls else {}
            if packed:
                options["compression"] = COMPRESSION
            with self.subTest(peer=peer.name, tls=tls, packed=packed):
                async with serving(handler, **options) as server:
                    url = server.url.replace("ws:", "wss:") if tls else server.url
                    async with peer.client(url, context(False) if tls else None, packed) as ws:
                        await self.talk(ws)
                        await within(ws.close(3001, "enough"))
                    await until(lambda: ends)
                self.assertEqual(ends, [(3001, "enough")])
                self.assertEqual("permessage-deflate" in extensions[0], packed)

    async def test_their_servers(self):
        for peer, (tls, packed) in itertools.product(ALL, WAYS):
            if not peer.server or packed and not peer.packs:
                continue
            options = {"ca_path": CERTS / "ca.pem"} if tls else {}
            if packed:
                options["compression"] = COMPRESSION
            with self.subTest(peer=peer.name, tls=tls, packed=packed):
                async with peer.server(context(True) if tls else None, packed) as port:
                    async with libws.connect(f"{'wss' if tls else 'ws'}://127.0.0.1:{port}/", **options) as ws:
                        self.assertEqual("permessage-deflate" in ws.text(libws.Text.EXTENSIONS), packed)
                        await self.talk(ws)
                        self.assertGreaterEqual(await within(ws.ping()), 0)
                        if packed:
                            self.assertLess(ws.stats()["bytes_sent"], 1500000)
                        await within(ws.close(3001, "enough"))
                    self.assertEqual(ws.close_code, peer.answers)

    async def test_libws_sync_and_their_server(self):
        async with Websockets().server(None, False) as port:
            def talk():
                with libws.sync.connect(f"ws://127.0.0.1:{port}/") as ws:
                    ws.send(b"Hello")
                    return ws.recv(60)
            self.assertEqual(await within(asyncio.get_running_loop().run_in_executor(None, talk)), b"Hello")


print(f"{VERSIONS}; CPython {sys.version.split()[0]}")
main()
