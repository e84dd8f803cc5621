# SPDX-License-Identifier: Apache-2.0
"""wss: certificates, and what the program decides about them."""
import asyncio
import os
from pathlib import Path

import libws
from kit import Case, echo, main, within

CERTS = Path(os.environ["WS_TEST_CERTS"])


def serving(**options):
    return libws.serve(echo, "127.0.0.1", 0, cert_path=CERTS / "good-cert.pem", key_path=str(CERTS / "good-key.pem"), **options)


class Secured(Case):
    async def test_messages(self):
        async with serving() as server, libws.connect(f"wss://127.0.0.1:{server.port}/", ca_path=CERTS / "ca.pem") as ws:
            self.assertEqual(ws.text(libws.Text.TLS_VERSION), "TLS 1.3")
            self.assertIn("subject: ", ws.text(libws.Text.PEER_CERTIFICATE))
            for message in ("Hello", b"x" * 1000000):
                await ws.send(message)
                self.assertEqual(await within(ws.recv()), message)

    async def test_a_certificate_that_nobody_trusts(self):
        async with serving() as server:
            url = f"wss://127.0.0.1:{server.port}/"
            for options in ({}, {"ca": (CERTS / "other-ca.pem").read_text()}):
                error = await self.raises(libws.ConnectError, libws.connect(url, **options)._connect())
                self.assertEqual(error.stage, libws.Stage.TLS)

    async def test_the_program_decides(self):
        asked = []

        async def verify(question):
            asked.append(question)
            return len(asked) > 1
        async with serving() as server:
            url = f"wss://127.0.0.1:{server.port}/"
            error = await self.raises(libws.ConnectError, libws.connect(url, verify=verify)._connect())
            self.assertEqual(error.stage, libws.Stage.TLS)
            async with libws.connect(url, verify=verify) as ws:
                await ws.send("taken")
                self.assertEqual(await within(ws.recv()), "taken")
        self.assertIn(b"BEGIN CERTIFICATE", asked[0].chain)
        self.assertEqual((asked[0].name, asked[0].refused.stage), ("127.0.0.1", libws.Stage.TLS))

    async def test_a_hook_that_fails_refuses(self):
        def verify(_):
            raise KeyError("a fault")
        async with serving() as server:
            await self.raises(libws.ConnectError, libws.connect(f"wss://127.0.0.1:{server.port}/", verify=verify)._connect())
        self.assertIsInstance(self.take_reports()[0]["exception"], KeyError)

    async def test_a_client_with_a_certificate(self):
        async with serving(client_ca_path=CERTS / "ca.pem") as server:
            async with libws.connect(f"wss://127.0.0.1:{server.port}/", ca_path=CERTS / "ca.pem",
                                     client_cert=(CERTS / "client-cert.pem").read_bytes(),
                                     client_key_path=CERTS / "client-key.pem") as ws:
                await ws.send("known")
                self.assertEqual(await within(ws.recv()), "known")

    async def test_a_key_that_only_the_program_has(self):
        async def sign(wanted):
            openssl = await asyncio.create_subprocess_exec(
                "openssl", "pkeyutl", "-sign", "-inkey", str(CERTS / "client-key.pem"),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
            return (await openssl.communicate(wanted.data))[0]
        shown = []

        def verify(question):
            shown.append(question)
            return question.refused is None
        async with serving(client_ca_path=CERTS / "ca.pem", verify=verify) as server:
            async with libws.connect(f"wss://127.0.0.1:{server.port}/", ca_path=CERTS / "ca.pem", sign=sign, sign_events=True,
                                     client_cert_path=CERTS / "client-cert.pem") as ws:
                await ws.send("signed")
                self.assertEqual(await within(ws.recv()), "signed")
        self.assertIn(b"BEGIN CERTIFICATE", shown[0].chain)

    async def test_certificates_are_replaced(self):
        async with serving() as server:
            server.set_certificates([{"cert_path": CERTS / "wrong-name-cert.pem", "key_path": CERTS / "wrong-name-key.pem"}])
            error = await self.raises(libws.ConnectError, libws.connect(
                f"wss://127.0.0.1:{server.port}/", ca_path=CERTS / "ca.pem")._connect())
            self.assertEqual(error.stage, libws.Stage.TLS)


main()
