#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the heartbeat of a server costs with many idle connections.

    tests/bench/sweep.py [--build build] [--connections 10000] [--ping-ms 4000] [--goroutine]

Three fresh servers get so many connections: one without deadlines, one that has only
the write deadline, so that it looks and never asks, and one with a heartbeat, whose
pings are answered. Told are the CPU time of the server over three intervals of idling
(all else is other work), its resident memory, and how the pings are spread: how many
left in the fullest 0.1 s.

Server and clients need a descriptor per connection each (ulimit -n). It is no test: it
passes no verdict.
"""
import argparse
import ctypes
import os
import re
import resource
import select
import socket
import subprocess
import sys
import time
from pathlib import Path

REQUEST = (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")


def serve(arguments):
    """The server, a process of its own: until its input ends."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "ffi" / "python"))
    sys.dont_write_bytecode = True
    import ws
    lib = ws.load(str(Path(arguments.build).resolve() / "libws.so"))
    server, port = lib.server_create(None), ctypes.c_int32()
    config = ws.make("ws_server_config", server_ip=b"127.0.0.1", ping_interval_ms=arguments.serve[0], write_timeout_ms=arguments.serve[1])
    assert lib.server_start(server, config, None, None) == ws.OK, lib.last_error()
    assert lib.server_port(server, port) == ws.OK
    print(port.value, flush=True)
    sys.stdin.read()
    os._exit(0)


def cpu(pid):
    """CPU time of all threads in seconds."""
    return sum(int(Path(f"/proc/{pid}/task/{t}/schedstat").read_text().split()[0]) for t in os.listdir(f"/proc/{pid}/task")) / 1e9


def resident(pid):
    return 1024 * int(re.search(r"^Rss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M).group(1))


def connect(port):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(REQUEST)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += s.recv(1)
    return s


def listen(clients, poll, until):
    """Answers pings (RFC 6455 5.5.3, masked with zeros) and tells when each came."""
    came = []
    while (left := until - time.monotonic()) > 0:
        for fd, _ in poll.poll(left):
            data = clients[fd].recv(4096)
            if not data:
                sys.exit("the server ended a connection")
            for at in range(0, len(data), 10): # a ping of 8 bytes
                assert data[at:at + 2] == b"\x89\x08", data
                came.append(time.monotonic())
                clients[fd].sendall(b"\x8a\x88\0\0\0\0" + data[at + 2:at + 10])
    return came


def fullest(came, span):
    most = first = 0
    for i, t in enumerate(came):
        while came[first] <= t - span:
            first += 1
        most = max(most, i - first + 1)
    return most


def measure(name, arguments, ping, write):
    server = subprocess.Popen([sys.executable, __file__, "--build", arguments.build, "--serve", str(ping), str(write)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                              env=os.environ | ({"WS_ENGINE": "goroutine"} if arguments.goroutine else {}))
    try:
        port = int(server.stdout.readline())
        clients, poll = {}, select.epoll()
        for _ in range(arguments.connections):
            s = connect(port)
            clients[s.fileno()] = s
            poll.register(s, select.EPOLLIN)
        listen(clients, poll, time.monotonic() + 1)
        before, span = cpu(server.pid), 3 * arguments.ping_ms / 1000
        came = listen(clients, poll, time.monotonic() + span)
        used = cpu(server.pid) - before
        told = f"{name:10} {used * 1e3:8.1f} ms CPU in {span:.0f} s, {resident(server.pid) / 1e6:.1f} MB"
        if came:
            told += f"; {len(came)} pings, {used / len(came) * 1e6:.1f} us each; at most {fullest(came, 0.1)} in 0.1 s"
        print(told, flush=True)
    finally:
        server.kill()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--connections", type=int, default=10000)
    parser.add_argument("--ping-ms", type=int, default=4000)
    parser.add_argument("--goroutine", action="store_true")
    parser.add_argument("--serve", type=int, nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if arguments.serve:
        serve(arguments)
    measure("no sweep", arguments, -1, -1)
    measure("looks", arguments, -1, arguments.ping_ms)
    measure("asks", arguments, arguments.ping_ms, -1)


main()
