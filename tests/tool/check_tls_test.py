# SPDX-License-Identifier: Apache-2.0
"""libws-cat check: a good server passes, each fault of a bad one is found and named."""
import asyncio
import base64
import contextlib
import hashlib
import json

from kit import cat, certs, echo, foreign, listening, run


async def test_good_servers_have_nothing_wrong(_):
    async with listening("--echo", "-z", "--max-size", "100k") as (_process, url):
        text = (await cat("check", url, "--limits")).out.decode()
        for wanted in ("nothing is wrong", "pings are answered", "it compresses", "pages of other sites are refused (403)",
                       "too large for it, and it says so (1009)", "a message of 65536 bytes is taken",
                       "a frame without a mask (5.1): it closes with 1002", "text that is not UTF-8 (8.1): it closes with 1007"):
            assert wanted in text, f"{wanted!r} is not in {text}"
        assert "  wrong" not in text, text
    async with foreign(echo) as url:
        text = (await cat("check", url)).out.decode()
        assert "nothing is wrong" in text and "pages of any site may connect" in text, text


async def serve_lax(reader, writer):
    """Agrees to all requests, answers all pings, and takes everything for good."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head.splitlines())}
        key = fields.get("sec-websocket-key", "")
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        writer.write(f"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
        while True:
            first, size = await reader.readexactly(2)
            masked, size = size & 128, size & 127
            if size == 126:
                size = int.from_bytes(await reader.readexactly(2), "big")
            mask = await reader.readexactly(4) if masked else bytes(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(await reader.readexactly(size)))
            if first & 15 == 9 and size < 126:
                writer.write(bytes([0x8a, size]) + data)
    writer.close()


async def test_a_lax_server_has_many_faults(_):
    async with await asyncio.start_server(serve_lax, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        ended = await cat("check", url, "--json", status=7)
    findings = [e for e in ended.events() if e["verdict"] == "wrong"]
    texts = "\n".join(e["text"] for e in findings)
    for wanted in ("does not answer our Close frame", "without Sec-WebSocket-Key: it agrees", "version 12: it agrees", "without a mask (5.1): it goes on",
                   "reserved bit", "reserved opcode", "reserved control opcode", "ping of 126 bytes", "ping in pieces", "continuation of nothing",
                   "not UTF-8 (8.1)", "with one byte", "code 1005", "whose reason is not UTF-8"):
        assert wanted in texts, f"{wanted!r} is not in {texts}"


async def test_one_that_never_answers_pings_is_found(_):
    async def deaf(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            key = [line.split(": ")[1] for line in head.splitlines() if line.lower().startswith("sec-websocket-key")][0]
            accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
            writer.write(f"HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n".encode())
            await reader.read(100)
        writer.close()
    async with await asyncio.start_server(deaf, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        assert b"no pong came" in (await cat("check", url, "--no-raw", status=7)).out


async def test_tls_says_what_is_wrong_with_a_certificate(_):
    async with listening("--echo", "--cert", certs("expired-cert.pem"), "--key", certs("expired-key.pem")) as (_process, url):
        text = (await cat("check", url.replace("127.0.0.1", "localhost"), "--ca", certs("ca.pem"), status=7)).out.decode()
        assert "  wrong" in text and "the certificate has expired" in text and "TLS 1.3" in text, text
        assert "TLS 1.1 and older are refused" in text, text
    async with listening("--echo", "--cert", certs("good-cert.pem"), "--key", certs("good-key.pem")) as (_process, url):
        text = (await cat("check", url.replace("127.0.0.1", "localhost"), "--ca", certs("ca.pem"))).out.decode()
        assert "the certificate is that of" in text and "nothing is wrong" in text, text


async def test_who_refuses_or_is_not_there_is_said(_):
    async with listening("--echo", "--auth", "me:secret") as (_process, url):
        assert b"401" in (await cat("check", url, status=5)).out
        assert json.loads((await cat("check", url, "--json", status=5)).out)["verdict"] == "wrong"
    assert b"refused" in (await cat("check", "ws://127.0.0.1:1", status=1)).out


run(globals())
