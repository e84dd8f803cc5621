# SPDX-License-Identifier: Apache-2.0
"""NATS servers and members of a cluster as processes, for cluster.py, whose first argument is the program of
member.c, and for figures.py."""

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

MEMBER = sys.argv[1]
NATS = shutil.which("nats-server") or "/usr/sbin/nats-server"
DEADLINE = 120
CLIENTS, TOPICS, EACH = 300, 50, 5


def until(what, condition):
    """Waits until a condition holds, and returns what it gave."""
    end = time.monotonic() + DEADLINE
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"it never was so: {what}")
        time.sleep(0.02)
    return found


def with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def free_ports(count, host="127.0.0.1"):
    """Each is another one."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((host, 0))
        return [each.getsockname()[1] for each in sockets]


def free_port(host="127.0.0.1"):
    return free_ports(1, host)[0]


class Nats:
    """A nats-server. routes: of a cluster; netns: its network namespace, where host is its address."""

    def __init__(self, directory, name="n", port=None, route=None, routes=(), netns=None, host="127.0.0.1", conf=""):
        with open(f"{directory}/{name}.conf", "w", encoding="utf-8") as file:
            file.write(conf.replace("$NAME", name))
        self.args = [
            NATS,
            "-c",
            f"{directory}/{name}.conf",
            "-a",
            host,
            "-p",
            str(port or free_port()),
            "-n",
            name,
            "-l",
            f"{directory}/{name}.log",
        ]
        if route:
            self.args += [
                "--cluster_name",
                "libws",
                "--cluster",
                f"nats://{host}:{route}",
                "--routes",
                ",".join(routes),
            ]
        if netns:
            self.args = ["ip", "netns", "exec", netns, *self.args]
        self.url = f"nats://{host}:{self.args[self.args.index('-p') + 1]}"
        self.log, self.routes = f"{directory}/{name}.log", routes
        self.start()

    def start(self):
        with contextlib.suppress(FileNotFoundError):
            os.rename(self.log, self.log + ".before")
        self.process = subprocess.Popen(
            self.args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=with_parent
        )
        until(f"{self.url} is ready", lambda: "Server is ready" in self.said())

    def said(self):
        with contextlib.suppress(FileNotFoundError), open(self.log, encoding="utf-8") as file:
            return file.read()
        return ""

    def end(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        self.process.wait()


@contextlib.contextmanager
def nodes(count, conf=""):
    with tempfile.TemporaryDirectory() as directory:
        ports = free_ports(count)
        routes = [f"nats://127.0.0.1:{p}" for p in ports]
        all_of_them = [Nats(directory, f"n{i}", route=ports[i], routes=routes, conf=conf) for i in range(count)]
        try:
            for node in all_of_them:
                until(
                    "nodes know each other",
                    lambda node=node: node.said().count("Route connection created") >= count - 1,
                )
            yield all_of_them
        finally:
            for node in all_of_them:
                if node.process.poll() is None:
                    node.end(signal.SIGKILL)


class Member:
    def __init__(self, number, urls, netns=None, waits=True):
        command = [MEMBER, str(number)]
        if netns:
            command = ["ip", "netns", "exec", netns, *command]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("WS_SAY") else subprocess.DEVNULL,
            text=True,
            preexec_fn=with_parent,
        )
        self.tell(f"join {urls}")
        if waits:
            assert (said := self.answer()) == "ok", said

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline().strip()
        assert line, "a member has ended"
        return line

    def do(self, line):
        self.tell(line)
        assert (said := self.answer()) == "ok", said

    def figures(self):
        self.tell("figures")
        return json.loads(self.answer())

    def end(self):
        self.process.stdin.close()
        assert self.process.wait(DEADLINE) == 0

    def kill(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def members(urls, crowd=True, netns=()):
    them = [Member(i, url, netns[i] if netns else None) for i, url in enumerate(urls)]
    try:
        if crowd:
            for m in them:
                m.tell(f"clients {CLIENTS} {TOPICS} {EACH}")
            for m in them:
                assert m.answer() == "ok"
        yield them
        for m in them:
            if m.process.poll() is None:
                m.end()
    finally:
        for m in them:
            if m.process.poll() is None:
                m.kill()
