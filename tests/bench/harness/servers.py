# SPDX-License-Identifier: Apache-2.0
"""The servers that are compared: how each is started, and what it can."""
import dataclasses
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
START_SECONDS = 30


@dataclasses.dataclass(frozen=True)
class Server:
    name: str
    command: list  # {port} is filled in; "deflate" and a certificate with its key follow
    kinds: frozenset  # of plain, tls, deflate, fanout
    directory: Path = None
    ours: bool = False

    def available(self):
        return shutil.which(self.command[0]) is not None and (self.directory is None or self.directory.is_dir())

    def arguments(self, kind, port, certificate):
        words = [word.format(port=port) for word in self.command]
        if kind in ("deflate", "fanout"):
            words += ["--deflate" if self.ours else kind]
        if kind == "tls":
            words += ["--cert", certificate[0], "--key", certificate[1]] if self.ours else list(certificate)
        return words


def servers(build):
    """All of them by name, the floor first, then ours."""
    bench = build / "tests" / "bench"
    echo = str(build / "examples_c" / "echo_server")
    everything = frozenset({"plain", "tls", "deflate"})
    # ours: deflate is added here when echo_server can.
    ours = frozenset({"plain", "tls"})
    go = str(bench / "go_echo")
    found = [
        Server("floor", [str(bench / "floor"), "{port}"], frozenset({"plain", "fanout"})),
        Server("libws", [echo, "--port", "{port}"], ours, ours=True),
        Server("libws, 2 loops", [echo, "--port", "{port}", "--loops", "2"], ours, ours=True),
        Server("libws, queue", [echo, "--port", "{port}", "--queue"], ours, ours=True),
        Server("libwebsockets", [str(bench / "lws_echo"), "{port}"], everything),
        Server("Boost.Beast", [str(bench / "beast_echo"), "{port}"], everything),
        Server("gws", [go, "gws", "{port}"], everything),
        Server("gorilla", [go, "gorilla", "{port}"], everything),
        Server("coder", [go, "coder", "{port}"], everything),
        Server("npm ws", ["node", str(HERE / "servers" / "ws_echo.mjs"), "{port}"], everything, build / "tests" / "node"),
        Server("python websockets", ["/usr/bin/python3", "-B", str(HERE / "servers" / "websockets_echo.py"), "{port}"], everything),
        Server("libws, loop of ws_send", [str(bench / "libws_fanout"), "{port}"], frozenset({"fanout"})),
        Server("TCP echo", [str(bench / "tcp_echo"), "{port}"], frozenset({"raw"})),
    ]
    return {server.name: server for server in found}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Running:
    """A server of its own process, until the end of the with statement."""

    def __init__(self, server, kind, certificate):
        self.port = free_port()
        self.process = subprocess.Popen(server.arguments(kind, self.port, certificate), cwd=server.directory,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid

    def __enter__(self):
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    self.__exit__()
                    raise RuntimeError("the server does not start: " + " ".join(map(str, self.process.args)))
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def resident(self):
        """Bytes of resident memory."""
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                return 1024 * int(line.split()[1])
        raise RuntimeError("no Rss in smaps_rollup")

    def cpu(self):
        """Seconds that its threads have run (CPUCLOCK_SCHED of linux/posix-timers.h)."""
        return time.clock_gettime((~self.pid << 3) | 2)
