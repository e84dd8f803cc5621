# SPDX-License-Identifier: Apache-2.0
"""libws.sync: the same with threads."""
import gc
import socket
import threading
import time
import unittest
import warnings

import libws
from kit import DEADLINE
from libws import _pump, sync


def echo(ws):
    for message in ws:
        ws.send(message)


def until(check):
    end = time.monotonic() + DEADLINE
    while not check():
        assert time.monotonic() < end, f"not within {DEADLINE} s"
        time.sleep(0.001)


def serving(handler=echo, **options):
    server = sync.serve(handler, "127.0.0.1", 0, **options)
    server.url = f"ws://127.0.0.1:{server.port}/"
    return server


class Threads(unittest.TestCase):
    def setUp(self):
        self.raised = []
        threading.excepthook, self.hook = lambda args: self.raised.append(args.exc_value), threading.excepthook

    def tearDown(self):
        threading.excepthook = self.hook
        self.assertEqual(self.raised, [])

    def test_each_message_comes_back_as_it_was(self):
        with serving() as server, sync.connect(server.url) as ws:
            for message in ("Hello", "Grüße \U0001f30d", "", b"", b"\0\xff", b"x" * (1 << 20)):
                ws.send(message)
                answer = ws.recv(timeout=DEADLINE)
                self.assertEqual((type(answer), answer), (type(message), message))
            ws.send_parts(["eins ", "zwei"])
            self.assertEqual(ws.recv(DEADLINE), "eins zwei")
            ws.send("with both", timeout=DEADLINE, key=1, priority=7)
            self.assertEqual(ws.recv(DEADLINE), "with both")
            with self.assertRaisesRegex(libws.ArgumentError, "priority"):
                ws.send("x", priority=8)
            self.assertGreaterEqual(ws.ping(timeout=DEADLINE), 0)

    def test_code_and_reason_arrive(self):
        ends = []

        def handler(ws):
            try:
                ws.recv()
            except libws.ConnectionClosed as end:
                ends.append((end.close_code, end.reason, end.clean))
        with serving(handler) as server:
            with sync.connect(server.url) as ws:
                ws.close(3001, "genug")
            until(lambda: ends)
            self.assertEqual(ends, [(3001, "genug", True)])
            with self.assertRaises(libws.ConnectionClosed):
                ws.send("too late")
            with self.assertRaises(libws.ConnectionClosed):
                ws.recv()

    def test_waits_have_a_time(self):
        with serving() as server, sync.connect(server.url) as ws:
            with self.assertRaises(TimeoutError):
                ws.recv(timeout=0.01)
            ws.send("after")
            self.assertEqual(ws.recv(timeout=DEADLINE), "after")
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            with self.assertRaises(libws.TimedOut) as caught:
                sync.connect(f"ws://127.0.0.1:{silent.getsockname()[1]}/", handshake_timeout=0.05)
            self.assertEqual(caught.exception.stage, libws.Stage.TIMEOUT)

    def test_errors_of_connecting(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            with self.assertRaises(libws.ConnectError) as caught:
                sync.connect(f"ws://127.0.0.1:{bound.getsockname()[1]}/")
        self.assertEqual(caught.exception.stage, libws.Stage.CONNECT)
        with self.assertRaises(libws.ArgumentError):
            sync.connect("nothing")
        with self.assertRaisesRegex(TypeError, "did you mean 'protocol'"):
            sync.connect("ws://127.0.0.1/", protocl="x")
        with serving() as server, self.assertRaises(libws.Error) as caught:
            sync.serve(echo, "127.0.0.1", server.port)
        self.assertEqual(caught.exception.code, libws.ErrorCode.PORT_OCCUPIED)

    def test_one_thread_sends_and_another_receives(self):
        with serving() as server, sync.connect(server.url, high_water_mark=100000) as ws:
            got = []
            receiver = threading.Thread(target=lambda: got.extend(ws.recv() for _ in range(3000)))
            receiver.start()
            for i in range(3000):
                ws.send(f"{i:06}" + "x" * 2000, timeout=DEADLINE)
            receiver.join(DEADLINE)
            self.assertEqual([int(message[:6]) for message in got], list(range(3000)))

    def test_many_threads_wait_for_one_connection(self):
        with serving() as server, sync.connect(server.url) as ws:
            got = []
            threads = [threading.Thread(target=lambda: got.append(ws.recv(DEADLINE))) for _ in range(10)]
            for thread in threads:
                thread.start()
            for i in range(10):
                ws.send(str(i))
            for thread in threads:
                thread.join(DEADLINE)
            self.assertEqual(sorted(got), sorted(map(str, range(10))))

    def test_many_clients_in_threads(self):
        with serving() as server:
            done = []

            def client(i):
                with sync.connect(server.url) as ws:
                    for k in range(50):
                        ws.send(f"{i} {k}")
                        if ws.recv(DEADLINE) != f"{i} {k}":
                            return
                done.append(i)
            threads = [threading.Thread(target=client, args=(i,)) for i in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(DEADLINE)
            self.assertEqual(sorted(done), list(range(20)))

    def test_a_send_that_waits_ends_with_its_time(self):
        hold = threading.Event()
        with serving(lambda ws: hold.wait(DEADLINE), receive_limit=1000) as server:
            with sync.connect(server.url, high_water_mark=100000) as ws:
                with self.assertRaises(libws.TimedOut):
                    while True:
                        ws.send(b"x" * 60000, timeout=0.05)
                hold.set()

    def test_what_a_handler_raises_goes_to_the_hook_of_threads(self):
        def handler(ws):
            raise KeyError("a fault")
        with serving(handler) as server, sync.connect(server.url) as ws:
            with self.assertRaises(libws.ConnectionClosed) as caught:
                ws.recv(DEADLINE)
            self.assertEqual(caught.exception.close_code, 1011)
            until(lambda: self.raised)
        self.assertIsInstance(self.raised.pop(), KeyError)

    def test_a_server_that_closes(self):
        server, got = serving(), []
        ws = sync.connect(server.url)
        # A Close frame is answered when the program has come to it.
        waiters = [threading.Thread(target=server.serve_forever), threading.Thread(target=lambda: got.append(list(ws)))]
        for waiter in waiters:
            waiter.start()
        server.close()
        for waiter in waiters:
            waiter.join(DEADLINE)
        self.assertEqual((got, ws.close_code), ([[]], 1001))
        ws.close()

    def test_hooks(self):
        events = []

        def on_upgrade(request):
            return None if request.target == "/in" else libws.Response(404, "nothing here")
        with serving(on_upgrade=on_upgrade, on_request=lambda request: libws.Response(200, "page")) as server:
            with self.assertRaises(libws.ConnectError) as caught:
                sync.connect(server.url + "out")
            self.assertEqual((caught.exception.status, caught.exception.body), (404, b"nothing here"))
            with sync.connect(server.url + "in", on_event=events.append) as ws:
                ws.send("x")
                ws.recv(DEADLINE)
            self.assertIn(libws.EventType.OPEN, [e.type for e in events])

    def test_a_client_comes_back(self):
        def handler(ws):
            for message in ws:
                if message == "drop":
                    ws.abort()
                    return
                ws.send(message)
        with serving(handler) as server:
            asked = []
            with sync.connect(server.url, reconnect={"first_delay": 0.001}, before_reconnect=asked.append) as ws:
                ws.send("drop")
                end = time.monotonic() + DEADLINE
                while not ws.reconnects and time.monotonic() < end:  # events come to those who wait for them
                    try:
                        ws.recv(timeout=0.01)
                    except TimeoutError:
                        pass
                ws.send("again")
                self.assertEqual(ws.recv(DEADLINE), "again")
                self.assertEqual(len(asked), 1)

    def test_a_client_that_nobody_has(self):
        with serving() as server:
            ws = sync.connect(server.url)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                del ws
                gc.collect()
            self.assertEqual([w.category for w in caught], [ResourceWarning])
            until(lambda: server.stats()["connections"] == 0)
            with sync.connect(server.url):
                self.assertFalse(_pump._orphans)


if __name__ == "__main__":
    unittest.main()
