# SPDX-License-Identifier: Apache-2.0
"""What a server can do beside messages: topics, requests, upgrades, sockets, figures; and clients that come back."""
import asyncio
import os
import socket
import tempfile
import urllib.request

import libws
from kit import Case, echo, main, pair, serving, until, within


class Servers(Case):
    async def test_topics(self):
        ready = []

        async def handler(ws):
            ws.subscribe("news")
            if ws.target == "/room":
                ws.subscribe_pattern("room/+/news")
            ready.append(ws)
            await ws.wait_closed()
        seen = []
        async with serving(handler, on_event=seen.append) as server:
            async with libws.connect(server.url) as one, libws.connect(server.url + "room") as two:
                await until(lambda: len(ready) == 2)
                self.assertEqual(server.subscribers("news"), 2)
                two_there = next(w for w in ready if w.target == "/room")
                self.assertEqual(two_there.subscriptions(), [(b"room/+/news", True), (b"news", False)])
                self.assertEqual([two_there.is_subscribed(t) for t in ("news", "room/7/news", b"other")], [True, True, False])
                self.assertEqual(server.publish("news", "both"), 2)
                self.assertEqual(server.publish("room/7/news", b"one"), 1)
                self.assertEqual(server.broadcast("all but the first", leave_out=next(w for w in ready if w.target == "/")), 1)
                self.assertEqual(await within(one.recv()), "both")
                self.assertEqual([await within(two.recv()) for _ in range(3)], ["both", b"one", "all but the first"])
                for ws in ready:
                    ws.unsubscribe("news")
                self.assertEqual(server.publish("news", "nobody"), 0)
                await until(lambda: any(e.type == libws.EventType.TOPIC_END and e.data == b"news" for e in seen))

    async def test_upgrades_are_the_programs(self):
        async def on_upgrade(request):
            await asyncio.sleep(0)
            if request.header("Authorization") != "Bearer good":
                return libws.Response(401, "who are you?", headers={"WWW-Authenticate": "Bearer"})
            return {"protocol": request.protocols[-1], "headers": {"X-Welcome": "yes"}}
        async with serving(on_upgrade=on_upgrade, keep_request=True) as server:
            error = await self.raises(libws.ConnectError, libws.connect(server.url)._connect())
            self.assertEqual((error.status, error.body), (401, b"who are you?"))
            async with libws.connect(server.url, protocol="a, b", headers={"Authorization": "Bearer good"}) as ws:
                self.assertEqual(ws.protocol, "b")
                self.assertIn(("X-Welcome", "yes"), ws.response_headers)
        async with serving(on_upgrade=lambda request: 7) as server:
            error = await self.raises(libws.ConnectError, libws.connect(server.url)._connect())
            self.assertEqual(error.status, 500)
        self.assertIsInstance(self.take_reports()[0]["exception"], TypeError)

    async def test_other_requests_are_the_programs(self):
        def on_request(request):
            if request.target == "/fault":
                raise ValueError("a fault")
            return libws.Response(200, f"{request.method} {request.target} {request.body.decode()}",
                                  headers=[("Content-Type", "text/plain")])

        def fetch(url, data=None):
            try:
                with urllib.request.urlopen(url, data, timeout=60) as answer:
                    return answer.status, answer.read().decode()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.read().decode()
        async with serving(on_request=on_request) as server:
            loop, url = asyncio.get_running_loop(), server.url.replace("ws:", "http:")
            for ask, answer in (((url + "hello",), (200, "GET /hello ")), ((url, b"body"), (200, "POST / body")),
                                ((url + "fault",), (500, ""))):
                self.assertEqual(await within(loop.run_in_executor(None, fetch, *ask)), answer)
        self.assertIsInstance(self.take_reports()[0]["exception"], ValueError)

    async def test_facts_of_a_connection(self):
        async with pair(server_options={"keep_request": True, "protocol": "chat"}, protocol="chat",
                        headers=[("X-One", "1"), ("X-One", "2")], correlation_id="me") as (client, accepted, server):
            self.assertEqual((client.protocol, accepted.protocol), ("chat", "chat"))
            self.assertEqual([v for n, v in accepted.request_headers if n == "X-One"], ["1", "2"])
            self.assertEqual(accepted.remote_address, client.local_address)
            self.assertEqual(client.text(libws.Text.URL), server.url)
            self.assertEqual((client.state, accepted.state), (libws.State.OPEN, libws.State.OPEN))
            self.assertEqual(server.stats()["connections"], 1)
            self.assertIn("ws_", server.metrics())
            self.assertGreaterEqual(libws.stats()["connections"], 2)
            self.assertTrue(libws.has_feature("gather"))
            self.assertEqual(libws.library_version(), libws.__version__)
            client.set_correlation_id("other")

    async def test_more_places_to_listen(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "socket")
            async with serving(listeners=[{"path": path}]) as server:
                self.assertEqual([where for where, _ in server.listeners], ["127.0.0.1", path])
                async with libws.connect(f"ws+unix:{path}:/chat") as ws:
                    await ws.send("by a file")
                    self.assertEqual(await within(ws.recv()), "by a file")
                os.close(server.descriptor())

    async def test_a_socket_that_the_program_has_accepted(self):
        async with libws.serve(echo, no_listeners=True) as server:
            ours, theirs = socket.socketpair()
            server.adopt(theirs.detach())
            async with libws.connect("ws://tunnel/", connected_descriptor=ours.detach()) as ws:
                await ws.send("through")
                self.assertEqual(await within(ws.recv()), "through")

    async def test_a_server_that_stops_listening_keeps_its_connections(self):
        async with serving() as server, libws.connect(server.url) as ws:
            await within(server.stop_listening())
            await self.raises(libws.ConnectError, libws.connect(server.url)._connect())
            await ws.send("still here")
            self.assertEqual(await within(ws.recv()), "still here")

    async def test_limits(self):
        async with serving(max_connections=1) as server, libws.connect(server.url):
            error = await self.raises(libws.ConnectError, libws.connect(server.url)._connect())
            self.assertEqual(error.status, 503)


class Reconnecting(Case):
    async def test_a_client_comes_back_with_what_it_is_given(self):
        tokens, seen = [], []

        async def handler(ws):
            tokens.append(dict(ws.request_headers).get("X-Token"))
            async for message in ws:
                if message == "drop":
                    ws.abort()
                await ws.send(message)

        async def fresh(event):
            seen.append(event)
            await asyncio.sleep(0)
            return {"headers": {"X-Token": f"number {event.attempt}"}}
        async with serving(handler, keep_request=True) as server:
            async with libws.connect(server.url, reconnect={"first_delay": 0.001, "exact": True}, before_reconnect=fresh,
                                     headers={"X-Token": "first"}) as ws:
                await ws.send("one")
                self.assertEqual(await within(ws.recv()), "one")
                await ws.send("drop")
                await until(lambda: ws.reconnects == 1)
                await ws.send("two")
                self.assertEqual(await within(ws.recv()), "two")
        self.assertEqual(tokens, ["first", "number 1"])
        self.assertEqual(seen[0].type, libws.EventType.BEFORE_RECONNECT)

    async def test_a_client_that_gives_up(self):
        async with serving(lambda ws: ws.recv()) as server:
            ws = await libws.connect(server.url, reconnect={"first_delay": 0.001, "max_delay": 0.001, "max_tries": 2})
            await server.close(1012)
            closed = await self.raises(libws.ConnectionClosed, ws.recv())
            self.assertEqual((closed.close_code, closed.stage), (1006, libws.Stage.RECONNECT))
            await ws.close()

    async def test_close_ends_the_coming_back(self):
        events = []
        async with serving(lambda ws: ws.recv()) as server:
            ws = await libws.connect(server.url, reconnect={"first_delay": 1000, "max_delay": 1000}, on_event=events.append)
            await server.close(1012)
            await until(lambda: any(e.type == libws.EventType.RECONNECTING for e in events))
            await within(ws.close())
            await self.raises(libws.ConnectionClosed, ws.recv())


main()
