#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""openssl s_client looks at what examples_c/tls_server shows and wants.

    tls_openssl_server_side.py PATH_OF_ECHO_SERVER [...]    tls_server lies beside it

Certificates by the name asked for, an encrypted key, certificates of clients with the
alerts that they get, ALPN, sessions that are resumed, and certificates replaced while
the server runs.
"""
import asyncio
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

DEADLINE = 60 * max(1, min(10, os.getloadavg()[0] / os.cpu_count()))  # seconds for everything
CERTS = Path(os.environ["WS_TEST_CERTS"])
SERVER = Path(sys.argv[1]).with_name("tls_server")
REQUEST = (b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
CLOSE = b"\x88\x80\0\0\0\0"


async def run(*command, given=b""):
    process = await asyncio.create_subprocess_exec(
        *map(str, command), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
    try:
        output, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, output


class Server:
    """tls_server; its arguments are those of the program."""

    def __init__(self, *arguments):
        self.arguments = arguments

    async def __aenter__(self):
        self.process = await asyncio.create_subprocess_exec(
            str(SERVER), "--port", "0", *map(str, self.arguments), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
        self.port = int((await self.process.stdout.readline()).decode().rsplit(":", 1)[1])
        return self

    async def __aexit__(self, *error):
        if error[0]:
            self.process.kill()
        self.process.stdin.close()
        status = await self.process.wait()
        assert error[0] or status == 0, f"tls_server ended with status {status}"

    async def reload(self):
        self.process.stdin.write(b"\n")
        return (await self.process.stdout.readline()).decode()

    async def talk(self, *options):
        """Upgrades and closes; status and all that s_client prints, with the server's greeting in it."""
        return await run("openssl", "s_client", "-connect", f"127.0.0.1:{self.port}", "-CAfile", CERTS / "ca.pem",
                         "-ign_eof", *options, given=REQUEST + CLOSE)


def pair(name, key=None):
    return "--cert", CERTS / f"{name}-cert.pem", "--key", key or CERTS / f"{name}-key.pem"


def has(answer, *parts):
    status, output = answer
    for part in parts:
        assert re.search(part, output), f"{part} is not in (status {status}):\n{output.decode(errors='replace')}"


async def names_and_reload(directory):
    encrypted = directory / "encrypted.pem"
    status, said = await run("openssl", "pkcs8", "-topk8", "-scrypt", "-passout", "pass:secret",
                             "-in", CERTS / "good-key.pem", "-out", encrypted)
    assert status == 0, said
    cert, key = directory / "cert.pem", directory / "key.pem"

    def use(name):
        for file, kind in ((cert, "cert"), (key, "key")):
            shutil.copy(CERTS / f"{name}-{kind}.pem", file)

    use("wrong-name")
    async with Server(*pair("good", encrypted), "--password", "secret", "--cert", cert, "--key", key) as server:
        for version in ("-tls1_2", "-tls1_3"):
            has(await server.talk(version, "-servername", "localhost", "-verify_hostname", "localhost"),
                rb"CN ?= ?libws test good", rb"Verify return code: 0", rb"101 Switching", rb'for "localhost", no certificate')
            has(await server.talk(version, "-servername", "elsewhere.example", "-verify_hostname", "elsewhere.example"),
                rb"CN ?= ?libws test wrong-name", rb"Verify return code: 0", rb'for "elsewhere.example"')
            has(await server.talk(version, "-noservername"), rb"CN ?= ?libws test good", rb'for ""')

        for offered, agreed in (("http/1.1", rb"ALPN protocol: http/1\.1"), ("h2,http/1.1", rb"ALPN protocol: http/1\.1"),
                                ("h2", rb"No ALPN negotiated")):
            has(await server.talk("-alpn", offered), agreed, rb"101 Switching")

        use("expired")
        assert await server.reload() == "took 2 certificates\n"
        has(await server.talk("-servername", "elsewhere.example"), rb"CN ?= ?libws test good")
        use("good")
        cert.unlink()
        said = await server.reload()
        assert said.startswith("kept the certificates: certificates[1].cert_path: "), said
        shutil.copy(CERTS / "wrong-name-cert.pem", cert)  # with the key of another
        said = await server.reload()
        assert "does not belong" in said, said
        has(await server.talk("-servername", "localhost"), rb"CN ?= ?libws test good", rb"101 Switching")


async def clients(directory):
    good = "-cert", CERTS / "client-cert.pem", "-key", CERTS / "client-key.pem"
    unknown = "-cert", CERTS / "unknown-client-cert.pem", "-key", CERTS / "unknown-client-key.pem"
    async with Server(*pair("good"), "--client-ca", CERTS / "ca.pem") as server:
        for version, without in (("-tls1_2", rb"alert handshake failure"), ("-tls1_3", rb"alert certificate required")):
            has(await server.talk(version, *good), rb"101 Switching", rb"subject: CN=libws test client", rb"Acceptable client certificate CA names")
            for options, alert in (((), without), (unknown, rb"alert unknown ca")):
                answer = await server.talk(version, *options)
                has(answer, alert)
                assert b"101 Switching" not in answer[1], answer[1]
            session = directory / f"session{version}"
            has(await server.talk(version, *good, "-servername", "localhost", "-sess_out", session), rb"New, ")
            assert await server.reload() == "took 1 certificates\n"
            # The ticket says who the client is.
            has(await server.talk(version, "-servername", "localhost", "-sess_in", session),
                rb"Reused, ", rb"subject: CN=libws test client")
    async with Server(*pair("good"), "--client-ca", CERTS / "ca.pem", "--optional") as server:
        has(await server.talk(), rb"101 Switching", rb"no certificate")
        has(await server.talk(*good), rb"subject: CN=libws test client")
        has(await server.talk(*unknown), rb"alert unknown ca")


async def main():
    with tempfile.TemporaryDirectory() as directory:
        await names_and_reload(Path(directory))
        await clients(Path(directory))


asyncio.run(asyncio.wait_for(main(), DEADLINE))
print("openssl, all as it should be")
