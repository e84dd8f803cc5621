#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an idle connection costs: resident memory of echo_server per connection.

    tests/bench/idle.py build/examples_c/echo_server [options]

Two fresh servers get --few and --many connections from this process, one after
another. Each connection has one message of --size bytes echoed and is idle from
then on. The result is the difference of the servers' resident memory, divided by
the difference of the connections: what all share drops out.

--tls CERT KEY: over TLS, with these PEM files, which nobody checks.
--size may be given several times: 64 (default), 65536 for what a larger message
leaves behind, and so on.

Server and clients need a descriptor per connection each (ulimit -n). It speaks no more WebSocket
than it must. It is no test: it passes no verdict.
"""
import argparse
import os
import re
import resource
import socket
import ssl
import struct
import subprocess
import sys
import time


def resident(pid):
    """Bytes of resident memory."""
    with open(f"/proc/{pid}/smaps_rollup") as f:
        text = f.read()
    return 1024 * int(re.search(r"^Rss:\s+(\d+)", text, re.M).group(1))


def exactly(s, n):
    data = bytearray()
    while len(data) < n:
        piece = s.recv(n - len(data))
        if not piece:
            sys.exit("the server ended a connection")
        data += piece
    return bytes(data)


def connect(port, context):
    s = socket.create_connection(("127.0.0.1", port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if context:
        s = context.wrap_socket(s)
    s.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    head = b""
    while b"\r\n\r\n" not in head:
        head += exactly(s, 1)
    if b" 101 " not in head:
        sys.exit(head.decode())
    return s


def echo(s, size):
    """One binary message and its echo (RFC 6455 5.2), masked with zeros."""
    length = bytes([0x80 | size]) if size < 126 else struct.pack(">BH", 0x80 | 126, size) \
        if size < 65536 else struct.pack(">BQ", 0x80 | 127, size)
    message = os.urandom(1) * size
    s.sendall(b"\x82" + length + bytes(4) + message)
    header = 2 if size < 126 else 4 if size < 65536 else 10
    if exactly(s, header + size)[header:] != message:
        sys.exit("the echo differs")


def measure(arguments, connections, size):
    command = [arguments.server, "--port", "0"]
    context = None
    if arguments.tls:
        command += ["--cert", arguments.tls[0], "--key", arguments.tls[1]]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        port = int(re.search(r":(\d+)", server.stdout.readline()).group(1))
        open_ones = []
        for _ in range(connections):
            s = connect(port, context)
            echo(s, size)
            open_ones.append(s)
        time.sleep(1)  # for the server's runtime to settle; the figure is a snapshot anyway
        return resident(server.pid)
    finally:
        server.kill()
        server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--few", type=int, default=100)
    parser.add_argument("--many", type=int, default=10000)
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for size in arguments.size or [64]:
        few, many = (measure(arguments, n, size) for n in (arguments.few, arguments.many))
        each = (many - few) / (arguments.many - arguments.few)
        print(f"{'tls' if arguments.tls else 'plain'} {size} B: {few} B with {arguments.few}, "
              f"{many} B with {arguments.many} connections: {each:.0f} B each", flush=True)


main()
