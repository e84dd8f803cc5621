# SPDX-License-Identifier: Apache-2.0
"""libws-cat listen: what its clients get, by a foreign client and by our own."""
import asyncio
import os
import signal
import ssl
import urllib.error
import urllib.request

import websockets

from kit import DEADLINE, cat, certs, listening, run, running


async def receive(ws):
    return await asyncio.wait_for(ws.recv(), DEADLINE)


async def get(url, path, **fields):
    def blocking():
        request = urllib.request.Request(url.replace("ws", "http", 1).rstrip("/") + path, headers=fields)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=DEADLINE) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers
    return await asyncio.to_thread(blocking)


async def test_echo_of_text_and_binary_and_of_much_at_once(_):
    async with listening("--echo", "-z") as (_process, url), websockets.connect(url, max_size=None) as ws:
        for message in ("text", b"\x00\xff", "", "x" * 1000000):
            await ws.send(message)
            assert await receive(ws) == message
        many = ["y" * 1000000] * 40  # more than waits for one connection

        async def send():
            for message in many:
                await ws.send(message)
        sending = asyncio.create_task(send())
        await asyncio.sleep(0.3)  # read nothing for a while, so that queues are full
        assert [await receive(ws) for _ in many] == many
        await sending


async def test_broadcast_reaches_all_others(_):
    async with listening("--broadcast") as (_process, url), websockets.connect(url) as a, websockets.connect(url) as b, websockets.connect(url) as c:
        await a.send("hello")
        assert await receive(b) == await receive(c) == "hello"
        await b.send("back")
        assert await receive(a) == "back"


async def test_topics_are_paths(_):
    async with listening("--topics") as (_process, url):
        async with websockets.connect(url + "news") as a, websockets.connect(url + "news?from=b") as b, websockets.connect(url + "sport") as c:
            await a.send("for news")
            assert await receive(b) == "for news"
            await b.send("answer")
            assert await receive(a) == "answer"
            await c.send("nobody is here")
            async with websockets.connect(url + "sport") as d:
                await d.send("for c")
                assert await receive(c) == "for c"  # and nothing of the news before it


async def test_stdin_and_stdout_are_for_whoever_connects(_):
    async with running("listen", "0") as process:
        url = (await process.stdout.readline()).decode().split()[-1]
        async with websockets.connect(url) as a, websockets.connect(url) as b:
            await a.send("from a")
            assert (await asyncio.wait_for(process.stdout.readline(), DEADLINE)) == b"from a\n"
            process.stdin.write(b"to all\n")
            assert await receive(a) == await receive(b) == "to all"
            process.send_signal(signal.SIGINT)
            try:
                await receive(a)
                raise AssertionError("it goes on")
            except websockets.ConnectionClosed as closed:
                assert closed.rcvd.code == 1001, closed
        assert await process.wait() == 0


async def test_a_folder_is_served_and_nothing_beside_it(directory):
    root = os.path.join(directory, "root")
    os.mkdir(root)
    for path, text in (("root/index.html", "front"), ("root/data.json", "{}"), ("root/.hidden", "no"), ("secret", "no"), ("root/a b", "blank")):
        with open(os.path.join(directory, path), "w", encoding="ascii") as f:
            f.write(text)
    os.symlink("../secret", os.path.join(root, "link"))
    os.mkdir(os.path.join(directory, "root-beside"))
    with open(os.path.join(directory, "root-beside", "x"), "w", encoding="ascii") as f:
        f.write("no")
    os.symlink("../root-beside", os.path.join(root, "beside"))
    async with listening("--echo", "--root", root) as (_process, url):
        status, body, fields = await get(url, "/")
        assert (status, body, fields["Content-Type"]) == (200, b"front", "text/html; charset=utf-8"), (status, body, fields)
        assert (await get(url, "/data.json?x"))[1] == b"{}" and (await get(url, "/a%20b"))[1] == b"blank"
        for path in ("/.hidden", "/%2ehidden", "/../secret", "/%2e%2e/secret", "/link", "/beside/x", "/nothing", "/a%", "/%00"):
            assert (await get(url, path))[0] in (400, 404), path
        async with websockets.connect(url) as ws:
            await ws.send("beside it")
            assert await receive(ws) == "beside it"
    assert "no folder" in (await cat("listen", "0", "--root", os.path.join(root, "data.json"), status=2)).err


async def test_chat_has_a_page_and_all_get_what_one_says(_):
    async with listening("--chat", "--auth", "me:secret") as (_process, url):
        assert (await get(url, "/"))[0] == 401
        status, body, _fields = await get(url, "/", Authorization="Basic bWU6c2VjcmV0")
        assert status == 200 and b"new WebSocket" in body
        headers = {"Authorization": "Basic bWU6c2VjcmV0"}
        key = "additional_headers" if int(websockets.__version__.split(".")[0]) >= 14 else "extra_headers"
        async with websockets.connect(url, **{key: headers}) as a, websockets.connect(url, **{key: headers}) as b:
            await a.send("me: hello")
            assert await receive(a) == await receive(b) == "me: hello"


async def test_tls_and_unix_sockets(directory):
    context = ssl.create_default_context(cafile=certs("ca.pem"))
    async with listening("--echo", "--cert", certs("good-cert.pem"), "--key", certs("good-key.pem")) as (_process, url):
        assert url.startswith("wss://"), url
        async with websockets.connect(url.replace("127.0.0.1", "localhost"), ssl=context) as ws:
            await ws.send("secret")
            assert await receive(ws) == "secret"
    path = os.path.join(directory, "socket")
    async with running("listen", f"unix:{path}", "--echo") as process:
        assert (await process.stdout.readline()) == f"listening on ws+unix:{path}\n".encode()
        assert (await cat(f"ws+unix:{path}", "-x", "a")).out == b"a\n"


async def test_once_count_and_limits(_):
    async with listening("--echo", "--once", "-s", "chat", "-H", "X-Answer: 42") as (process, url):
        ended = await cat(url, "-x", "a", "-s", "chat", "-v")
        assert ended.out == b"a\n" and "subprotocol: chat" in ended.err and "x-answer: 42" in ended.err.lower(), ended
        assert await asyncio.wait_for(process.wait(), DEADLINE) == 0
    async with listening("--json", "-n", "2") as (process, url):
        await cat(url, "-x", "a", "-x", "b", "-w", "5")
        assert await asyncio.wait_for(process.wait(), DEADLINE) == 0
        assert b'"event":"message"' in await process.stdout.read()
    async with listening("--echo", "--max-connections", "1") as (_process, url), websockets.connect(url):
        assert "503" in (await cat(url, "-x", "a", status=5)).err
    await cat("listen", "not-a-port", status=2)


run(globals())
