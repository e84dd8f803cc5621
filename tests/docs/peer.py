# SPDX-License-Identifier: Apache-2.0
"""peer.py - a plain client for the servers of the pages, without any code of the library.

STEPS are lines:

    open /path [Name: value]      connects; [-> STATUS] when something else than 101 is to come
    send TEXT                     by the connection that was opened last
    receive TEXT                  the next message is this; "*" stands for any run of characters
    closed CODE                   a Close frame with this code comes
    leave                         closes politely; the connection before is the last one again
    get /path -> STATUS [TEXT]    another request
    signal NAME                   is sent to the server, "TERM", "INT", "HUP"
    killed                        last: SIGTERM, which comes at the end, kills it; else it ends with status 0
"""
import base64
import fnmatch
import glob
import os
import re
import select
import signal
import socket
import struct
import time


def patience():
    """Seconds that something may take; more on a busy machine."""
    return 60 * max(1, min(10, os.getloadavg()[0] / (os.cpu_count() or 1)))


def listening_port(pid):
    """The port on which a process listens, when it does."""
    end = time.monotonic() + patience()
    while time.monotonic() < end:
        try:
            mine = {os.readlink(f)[8:-1] for f in glob.glob(f"/proc/{pid}/fd/*") if os.readlink(f).startswith("socket:[")}
            with open(f"/proc/{pid}/net/tcp") as table:
                for row in table.readlines()[1:]:
                    field = row.split()
                    if field[3] == "0A" and field[9] in mine:
                        return int(field[1].split(":")[1], 16)
        except FileNotFoundError:
            if not os.path.exists(f"/proc/{pid}"):
                break
        select.select([], [], [], 0.005)  # /proc cannot be waited for
    raise AssertionError("the program does not listen")


class Connection:
    def __init__(self, port, target, fields):
        self.socket = socket.create_connection(("127.0.0.1", port), patience())
        self.socket.settimeout(patience())
        self.file = self.socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {target} HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", *fields]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.status = int(self.file.readline().split()[1])
        while self.file.readline().strip():
            pass

    def frame(self, opcode, data):
        mask = os.urandom(4)
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def next(self, *opcodes):
        while True:
            first, size = self.file.read(2)
            if size == 126:
                size = struct.unpack(">H", self.file.read(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.file.read(8))[0]
            data = self.file.read(size)
            if first & 15 in opcodes:
                return data
            if first & 15 == 9:
                self.frame(10, data)

    def end(self):
        self.file.close()
        self.socket.close()


def get(port, target):
    with socket.create_connection(("127.0.0.1", port), patience()) as s:
        s.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while more := s.recv(65536):
            answer += more
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def play(process, steps):
    """Does the steps, and raises AssertionError where something else comes."""
    port = listening_port(process.pid)
    connections = []
    for step in filter(None, map(str.strip, steps.split("\n"))):
        word, _, rest = step.partition(" ")
        if word == "open":
            rest, _, status = rest.partition(" -> ")
            target, _, field = rest.partition(" ")
            c = Connection(port, target, [field] if field else [])
            assert c.status == int(status or 101), f"{step}: status {c.status}"
            connections.append(c)
        elif word == "send":
            connections[-1].frame(1, rest.encode())
        elif word == "receive":
            text = connections[-1].next(1, 2).decode()
            assert fnmatch.fnmatchcase(text, rest), f"{step}: it is {text!r}"
        elif word == "closed":
            code = struct.unpack(">H", connections[-1].next(8)[:2])[0]
            assert code == int(rest), f"{step}: it is {code}"
        elif word == "leave":
            connections[-1].frame(8, struct.pack(">H", 1000))
            connections[-1].next(8)
            connections.pop().end()
        elif word == "get":
            target, status, want = re.fullmatch(r"(\S+) -> (\d+) ?(.*)", rest).groups()
            got, body = get(port, target)
            assert got == int(status), f"{step}: status {got}"
            assert fnmatch.fnmatchcase(body.strip(), want) if want else True, f"{step}: {body!r}"
        elif word == "killed":
            pass
        elif word == "signal":
            process.send_signal(signal.Signals["SIG" + rest])
        else:
            raise AssertionError(f"no such step: {step}")
    for c in connections:
        c.end()
