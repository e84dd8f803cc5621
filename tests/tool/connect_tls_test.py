# SPDX-License-Identifier: Apache-2.0
"""libws-cat as a client: what is sent and received, the request, TLS, and the status for scripts."""
import asyncio
import base64
import json
import os
import re

from kit import cat, certs, echo, foreign, listening, run, running


async def test_lines_come_back_from_a_foreign_server(_):
    async with foreign(echo) as url:
        ended = await cat(url, given=b"one\ntwo\nlast without an end")
        assert ended.out == b"one\ntwo\nlast without an end\n", ended


async def test_no_answer_is_lost_when_stdin_ends(_):
    async def late(ws):
        async for message in ws:
            await asyncio.sleep(0.2)
            await ws.send(f"late {message}")
    async with foreign(late) as url:
        ended = await cat(url, given=b"a\nb\n")
        assert ended.out == b"late a\nlate b\n", ended


async def test_execute_sends_once_and_count_ends_it(_):
    async def three(ws):
        await ws.recv()
        for i in range(3):
            await ws.send(str(i))
        await ws.wait_closed()
    async with foreign(three) as url:
        assert (await cat(url, "-x", "go", "-n", "2", "-w", "20")).out.splitlines()[:2] == [b"0", b"1"]
        ended = await cat(url, "-x", "go", "-n", "4", "-w", "0.3", status=3)
        assert ended.out == b"0\n1\n2\n" and "3 of 4" in ended.err, ended
        assert (await cat(url, "-x", "go", "-w", "0.2")).out == b"0\n1\n2\n"


async def test_stay_receives_until_the_server_closes(_):
    async def later(ws):
        for i in range(3):
            await asyncio.sleep(0.1)
            await ws.send(str(i))
    async with foreign(later) as url:
        assert (await cat(url, "--stay")).out == b"0\n1\n2\n"


async def test_binary_hex_nul_and_files(directory):
    data = os.urandom(300000)
    path = os.path.join(directory, "data")
    with open(path, "wb") as f:
        f.write(data)
    kinds = []

    async def note(ws):
        async for message in ws:
            kinds.append(type(message))
            await ws.send(message)
    async with foreign(note) as url:
        assert (await cat(url, "-b", "--hex", "-x", "\x01z")).out == b"017a\n"
        assert (await cat(url, "-0", given=b"a\nb\0c\0")).out == b"a\nb\0c\0"
        await cat(url, "-f", path, "-n", "1", "-O", path + ".back")
        with open(path + ".back", "rb") as f:
            assert f.read() == data
        ended = await cat(url, "-f", "-", "--text", "-n", "1", "--progress", given=b"x" * 2000000)
        assert ended.out == b"x" * 2000000 + b"\n"
        assert "B/s" in ended.err, ended.err
        assert kinds == [bytes, str, str, bytes, str], kinds
    assert "No such file" in (await cat("ws://127.0.0.1:1", "-f", "/nowhere", status=2)).err


async def test_the_request_is_what_the_options_say(_):
    seen = {}

    async def look(ws):
        fields = getattr(ws, "request_headers", None) or ws.request.headers
        seen.update({k.lower(): v for k, v in fields.items()})
        await ws.send("seen")
    async with foreign(look, subprotocols=["chat"], compression="deflate") as url:
        ended = await cat(url, "-H", "X-One: 1", "--auth", "me:secret", "-o", "https://example.com", "-s", "mqtt", "-s", "chat", "--cookie", "a=1",
                          "--cookie", "b=2", "--host", "elsewhere.example", "-z", "--json", "-n", "1")
    assert seen["x-one"] == "1" and seen["origin"] == "https://example.com" and seen["host"] == "elsewhere.example", seen
    assert seen["authorization"] == "Basic " + base64.b64encode(b"me:secret").decode(), seen
    assert seen["cookie"] == "a=1; b=2", seen
    assert [name.strip() for name in seen["sec-websocket-protocol"].split(",")] == ["mqtt", "chat"], seen
    assert "permessage-deflate" in seen["sec-websocket-extensions"], seen
    kinds = [e["event"] for e in ended.events()]
    assert kinds == ["open", "message", "close"] and ended.events()[0]["protocol"] == "chat", ended


async def test_json_has_text_and_base64(_):
    async def both(ws):
        await ws.send('a "quoted"\nline')
        await ws.send(b"\x00\xff")
    async with foreign(both) as url:
        messages = [e for e in (await cat(url, "--json", "-k")).events() if e["event"] == "message"]
        assert messages[0]["data"] == 'a "quoted"\nline' and messages[0]["direction"] == "in", messages
        assert messages[1]["type"] == "binary" and base64.b64decode(messages[1]["base64"]) == b"\x00\xff", messages


async def test_each_end_has_its_status(_):
    async def angry(ws):
        await ws.close(4001, "go away")

    async def leave(ws):
        await ws.close(1001)
    async with foreign(angry) as url:
        assert "closed with 4001 go away" in (await cat(url, "-k", status=4)).err
    async with foreign(leave) as url:
        await cat(url, "-k")
    async with foreign(echo, process_request=None) as url:
        await cat(url, "--close", "3000:done")
    ended = await cat("ws://127.0.0.1:1/", status=1)
    assert "refused" in ended.err, ended
    assert "is no option" in (await cat("ws://127.0.0.1:1/", "--nonsense", status=2)).err
    assert "it is a number" in (await cat("ws://127.0.0.1:1/", "-n", "many", status=2)).err
    await cat("http//nothing at all", status=2)
    async with listening("--echo", "--auth", "me:secret") as (_, url):
        assert "401" in (await cat(url, "-x", "a", status=5)).err
        assert (await cat(url, "-x", "a", "--auth", "me:secret")).out == b"a\n"


async def test_our_close_frame_says_what_was_asked(_):
    codes = []

    async def note(ws):
        await ws.wait_closed()
        codes.append((ws.close_code, ws.close_reason))
    async with foreign(note) as url:
        await cat(url, "--close", "3456:that is all")
    assert codes == [(3456, "that is all")], codes


async def test_tls_by_authority_pin_and_client_certificate(_):
    async with listening("--echo", "--cert", certs("good-cert.pem"), "--key", certs("good-key.pem"), "--client-ca", certs("ca.pem")) as (_, url):
        url = url.replace("127.0.0.1", "localhost")
        mine = ["--cert", certs("client-cert.pem"), "--key", certs("client-key.pem")]
        ended = await cat(url, "-x", "a", "--ca", certs("ca.pem"), *mine, "-v")
        assert ended.out == b"a\n" and "TLS 1.3" in ended.err and "subject" in ended.err, ended
        pin = [line.split("pin: ")[1] for line in ended.err.splitlines() if "pin: " in line][0].split()[0]
        await cat(url, "-x", "a", "--insecure", "--pin", pin, *mine)
        await cat(url, "-x", "a", "--insecure", "--pin", "A" * 43 + "=", *mine, status=6)
        await cat(url, "-x", "a", "--ca", certs("other-ca.pem"), *mine, status=6)
        ended = await cat(url, "-x", "a", "--ca", certs("ca.pem"), "--tls-max", "1.2", "-v", *mine)
        assert "TLS 1.2" in ended.err, ended


async def test_pings_are_shown_with_their_round_trip(_):
    async with foreign(echo) as url:
        ended = await cat(url, "--ping", "0.05", "-w", "0.5", "--json")
        pongs = [e for e in ended.events() if e["event"] == "pong"]
        assert len([e for e in pongs if e["round_trip_us"] > 0]) >= 2, ended
        assert "pong after" in (await cat(url, "--slash", "-P", "-w", "0.3", given=b"/ping hello\n")).err


async def test_a_record_is_replayed_with_its_pauses(directory):
    record = os.path.join(directory, "record")
    async with foreign(echo) as url:
        await cat(url, "-x", "text \u00e9 \U0001f600", "-x", "more", "--record", record)
        with open(record, encoding="utf-8") as f:
            lines = [json.loads(line) for line in f]
        assert [line["direction"] for line in lines].count("out") == 2 and len(lines) == 4, lines
        out = [line for line in lines if line["direction"] == "out"]
        out[1]["at_us"] = out[0]["at_us"] + 400000
        out[0]["data"] = "\U0001f600 by its two halves"
        with open(record, "w", encoding="ascii") as f:
            f.writelines(json.dumps(line) + "\n" for line in out + [{"direction": "out", "base64": "AP8=", "at_us": out[1]["at_us"]}])
        began = asyncio.get_running_loop().time()
        ended = await cat(url, "--replay", record, "-n", "3")
        assert asyncio.get_running_loop().time() - began >= 0.4
        assert ended.out == "\U0001f600 by its two halves\nmore\n".encode() + b"\x00\xff\n", ended


async def test_it_connects_again_and_keeps_what_was_not_sent(_):
    seen = []

    async def first_lost(ws):
        seen.append(ws)
        if len(seen) == 1:
            ws.transport.abort()
            return
        await echo(ws)
    async with foreign(first_lost) as url, running(url, "-r", "--reconnect-delay", "0.2", "-n", "1") as process:
        while b"connecting again" not in (line := await process.stderr.readline()):
            assert line, "it ended"
        out, _err = await process.communicate(b"kept\n")
        assert out == b"kept\n" and process.returncode == 0, (out, process.returncode)
    await cat("ws://127.0.0.1:1", "--max-tries", "2", "--reconnect-delay", "0.01", status=1)


async def test_a_redirect_is_followed_and_its_cookie_kept(_):
    cookies = []

    async def note(ws):
        fields = getattr(ws, "request_headers", None) or ws.request.headers
        cookies.append(fields.get("Cookie"))
        await ws.send("here")

    async def redirect(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: " + target.encode() + b"\r\nSet-Cookie: way=long\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()
    async with foreign(note) as target:
        async with await asyncio.start_server(redirect, "127.0.0.1", 0) as server:
            url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            await cat(url, "-n", "1", status=5)
            assert (await cat(url, "-L", "--cookies", "-n", "1")).out == b"here\n"
    assert cookies == ["way=long"], cookies


async def test_it_goes_through_a_proxy(_):
    asked = []

    async def pump(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def proxy(reader, writer):
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        to_reader, to_writer = await asyncio.open_connection(*asked[-1].split()[1].decode().rsplit(":", 1))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(pump(reader, to_writer), pump(to_reader, writer), return_exceptions=True)
    async with foreign(echo) as url, await asyncio.start_server(proxy, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await cat(url, "-x", "a", "--proxy", f"http://me:se%40cret@127.0.0.1:{port}")).out == b"a\n"
    assert b"Basic " + base64.b64encode(b"me:se@cret") in asked[0], asked


async def test_it_goes_through_socks5_and_to_an_address_of_ones_own(_):
    asked = []

    async def pump(reader, writer):
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def proxy(reader, writer):
        methods = await reader.readexactly(2)
        await reader.readexactly(methods[1])
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        asked.append(await reader.readexactly(head[4]) if head[3] == 3 else head[4:] + await reader.readexactly(3))
        port = int.from_bytes(await reader.readexactly(2), "big")
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await asyncio.gather(pump(reader, to_writer), pump(to_reader, writer), return_exceptions=True)
    async with foreign(echo) as url, await asyncio.start_server(proxy, "127.0.0.1", 0) as server:
        named = url.replace("127.0.0.1", "somewhere.invalid")
        port = server.sockets[0].getsockname()[1]
        assert (await cat(named, "-x", "a", "--proxy", f"socks5://127.0.0.1:{port}")).out == b"a\n"
        assert (await cat(named, "-x", "b", "--proxy", "none", "--connect-to", "127.0.0.1", "-4")).out == b"b\n"
        assert "its scheme is" in (await cat(url, "--proxy", "ftp://a", status=2)).err
    assert asked == [b"somewhere.invalid"], asked


async def test_short_forms_timestamps_and_deadlines(_):
    async with foreign(echo) as url:
        place = url.removeprefix("ws://").rstrip("/")
        assert (await cat(place, "-x", "a")).out == b"a\n"
        assert (await cat("-c", url, "-x", "a")).out == b"a\n"  # as npm's wscat has it
        assert re.fullmatch(rb"\d\d:\d\d:\d\d\.\d\d\d a\n", (await cat("connect", url, "-t", "-x", "a")).out)

    async def silent(reader, writer):
        await reader.read()
        writer.close()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        await cat(url, "-T", "0.2", "-x", "a", status=1)


async def test_the_terminal_is_safe_only_when_it_is_one(_):
    async def evil(ws):
        await ws.send("\x1b]0;title\x07")
    async with foreign(evil) as url:  # a pipe gets what was sent, byte by byte; terminal_test.py has the other case
        assert (await cat(url, "-k")).out == b"\x1b]0;title\x07\n"


run(globals())
