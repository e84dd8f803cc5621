#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What slow senders of request heads do to others, and who is served at each limit of a server.

    tests/bench/slow_heads.py [BUILD] [options]    BUILD: the build directory; build

First --good clients of echo_server send a message each, in turn, and wait for its echo: their
round trips while nobody else is there, and while --slow others send a request byte by byte,
one each --gap ms, and begin anew when the server ends them.

Then, for each limit of ws_server_config, twice as many clients come as it allows, all at once:
how many were served (101), refused (503, 429), or got no answer. It is no test: it passes no
verdict, and a machine with other work shows other figures.
"""
import argparse
import collections
import ctypes
import json
import multiprocessing
import re
import resource
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "ffi" / "python"))
sys.dont_write_bytecode = True
import ws  # noqa: E402

REQUEST = (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
HEAD = REQUEST[:-4] + b"\r\nX: " + b"x" * 8000  # it never ends
MESSAGE = b"\x82\xc0" + bytes(4) + b"m" * 64    # binary, masked with zeros (RFC 6455 5.2)


def connect(port, host=1):
    s = socket.socket()
    if host != 1:
        s.bind((f"127.0.0.{host}", 0))
    s.settimeout(30)
    s.connect(("127.0.0.1", port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def answer(s):
    """The status of the answer to a request, "" for none."""
    head = b""
    try:
        while b"\r\n\r\n" not in head:
            piece = s.recv(4096)
            if not piece:
                break
            head += piece
    except OSError:
        pass
    found = re.match(rb"HTTP/1.1 (\d+)", head)
    return found.group(1).decode() if found else ""


def round_trips(clients, seconds):
    """Times of echoes, sorted; the clients take turns."""
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        for s in clients:
            start = time.perf_counter()
            s.sendall(MESSAGE)
            size = 0
            while size < 66:
                size += len(s.recv(66 - size))
            times.append(time.perf_counter() - start)
    return sorted(times)


def send_slowly(port, senders, gap, ready, ended):
    """Begins requests that never end; in a process of its own, for ever."""
    poller, progress = selectors.DefaultSelector(), {}

    def begin():
        s = connect(port)
        s.setblocking(False)
        poller.register(s, selectors.EVENT_READ)
        progress[s] = 0

    for _ in range(senders):
        begin()
    ready.set()
    while True:
        for s in list(progress):
            try:
                s.send(HEAD[progress[s] % len(HEAD):][:1])
                progress[s] += 1
            except OSError:
                pass  # reading tells
        until = time.perf_counter() + gap / 1000
        while (left := until - time.perf_counter()) > 0:
            for key, _ in poller.select(left):  # an answer or the end: this one is over
                with ended:
                    ended.value += 1
                poller.unregister(key.fileobj)
                del progress[key.fileobj]
                key.fileobj.close()
                begin()


def show(what, times):
    def at(share):
        return times[min(int(len(times) * share), len(times) - 1)] * 1e6
    print(f"{what:34} {len(times):7} echoes  p50 {at(.5):7.0f} us  p99 {at(.99):7.0f} us  most {times[-1] * 1e6:8.0f} us", flush=True)


def slow_heads(build, o):
    server = subprocess.Popen([build / "examples_c" / "echo_server", "--port", "0"], stdout=subprocess.PIPE, text=True)
    slow = None
    try:
        port = int(re.search(r":(\d+)", server.stdout.readline()).group(1))
        good = [connect(port) for _ in range(o.good)]
        for s in good:
            s.sendall(REQUEST)
            assert answer(s) == "101"
        round_trips(good, 1)
        show(f"{o.good} good clients alone", round_trips(good, o.seconds))
        ready, ended = multiprocessing.Event(), multiprocessing.Value("i", 0)
        slow = multiprocessing.Process(target=send_slowly, args=(port, o.slow, o.gap, ready, ended), daemon=True)
        slow.start()
        ready.wait()
        show(f"with {o.slow} slow senders of heads", round_trips(good, o.seconds))
        late = connect(port)
        start = time.perf_counter()
        late.sendall(REQUEST)
        print(f"{'a new client meanwhile':34} {answer(late)} after {(time.perf_counter() - start) * 1e6:.0f} us; "
              f"{ended.value} slow ones were ended", flush=True)
        slow.kill()
        slow.join()
        show("when they have gone", round_trips(good, o.seconds))
    finally:
        if slow:
            slow.kill()
        server.kill()
        server.wait()


def serve(build, config):
    """A server with this configuration, in the process that is told so by --serve; ends with its standard input."""
    lib = ws.load(str(build / "libws.so"))
    server = lib.server_create(None)
    status = lib.server_start(server, ws.make("ws_server_config", server_ip=b"127.0.0.1", **config), None, None)
    assert status == ws.OK, lib.last_error()
    port = ctypes.c_int32()
    lib.server_port(server, port)
    print(port.value, flush=True)
    sys.stdin.read()
    stats = ws.make("ws_stats")
    lib.stats_get(stats)
    print(json.dumps({"accepted": stats.accepted, "refused": stats.refused}), flush=True)
    lib.shutdown_wait(-1)


def at_limit(build, what, config, clients, files=None):
    """clients: addresses 127.0.0.n, one for each connection."""
    def few_files():
        if files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    server = subprocess.Popen([sys.executable, __file__, str(build), "--serve", json.dumps(config)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=few_files)
    try:
        port = int(server.stdout.readline())
        open_ones = [connect(port, host) for host in clients]
        start = time.perf_counter()
        for s in open_ones:
            try:
                s.sendall(REQUEST)
            except OSError:
                pass  # it was answered before
        found = collections.Counter(answer(s) or "no answer" for s in open_ones)
        took = time.perf_counter() - start
        server.stdin.close()
        told = json.loads(server.stdout.readline())
        print(f"{what:44} {len(clients):5} come: " + ", ".join(f"{n} x {status}" for status, n in sorted(found.items()))
              + f" in {took * 1e3:.0f} ms; the library says {told['refused']} refused", flush=True)
        for s in open_ones:
            s.close()
    finally:
        server.kill()
        server.wait()


def limits(build):
    at_limit(build, "max_connections 100", {"max_connections": 100}, [1] * 200)
    at_limit(build, "max_connections 1000", {"max_connections": 1000}, [1] * 2000)
    at_limit(build, "max_connections_for_one_client 100", {"max_connections_for_one_client": 100}, [1] * 200)
    at_limit(build, "max_concurrent_clients_number 50", {"max_concurrent_clients_number": 50}, range(1, 101))
    at_limit(build, "WS_MODULE_LIMITS", {"flags": ws.MODULE_LIMITS}, [1] * 20 + list(range(2, 21)))
    at_limit(build, "max_upgrades_per_minute 100", {"max_upgrades_per_minute": 100}, [1] * 200)
    at_limit(build, "descriptors of the process 356 - 256", {}, [1] * 200, files=356)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", nargs="?", default="build", type=lambda p: Path(p).resolve())
    parser.add_argument("--good", type=int, default=200)
    parser.add_argument("--slow", type=int, default=200)
    parser.add_argument("--gap", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    o = parser.parse_args()
    if o.serve:
        serve(o.build, json.loads(o.serve))
        return
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    slow_heads(o.build, o)
    limits(o.build)


if __name__ == "__main__":
    main()
