# SPDX-License-Identifier: Apache-2.0
"""The servers that are compared: how each is started, and what it can."""
import dataclasses
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE.parent))
from listening import listens  # noqa: E402

START_SECONDS = 30
START_TRIES = 5
# Its own loop is poll, with which many connections take minutes to open: this one where they are many.
LWS_UV = "libwebsockets, libuv"


@dataclasses.dataclass(frozen=True)
class Server:
    name: str
    command: list  # {port} is filled in; words of the kind and a certificate with its key follow
    kinds: dict  # of plain, tls, deflate, fanout, large: the words that ask for it
    directory: Path = None
    warm: float = 0  # seconds that it wants at least before it is measured
    options: tuple = ()  # by which the certificate and the key are told, if not by their place

    def available(self):
        return shutil.which(self.command[0]) is not None and (self.directory is None or self.directory.is_dir())

    def arguments(self, kind, port, certificate):
        words = [word.format(port=port) for word in self.command] + self.kinds.get(kind, [])
        if certificate:
            for option, file in zip(self.options or ("", ""), certificate):
                words += [option, file] if option else [file]
        return words


def servers(build):
    """All of them by name, the floor first, then ours."""
    bench = build / "tests" / "bench"
    everything = {"plain": [], "tls": [], "deflate": ["deflate"]}
    fanout = everything | {"fanout": ["fanout"]}
    secured = {"plain": [], "tls": []}

    def ours(name, kinds, *words):
        command = [str(build / "examples_c" / "echo_server"), "--port", "{port}", *words]
        return Server(name, command, kinds, options=("--cert", "--key"))

    def publisher(name, *way):
        return Server(name, [str(bench / "libws_fanout"), "{port}", *way], {"fanout": []})

    go = str(bench / "go_echo")
    found = [
        Server("floor", [str(bench / "floor"), "{port}"], {"plain": [], "fanout": ["fanout"]}),
        Server("floor, TLS", [str(bench / "floor_tls"), "{port}"], {"tls": []}),
        Server("floor, deflate", [str(bench / "floor_deflate"), "{port}", "1"], {"deflate": []}),
        Server("floor, takeover", [str(bench / "floor_deflate"), "{port}", "1", "takeover"], {"deflate": []}),
        Server("floor, 2 threads", [str(bench / "floor"), "{port}", "threads", "2"], {"plain": []}),
        Server("floor, queue", [str(bench / "floor"), "{port}", "queue"], {"plain": []}),
        ours("libws", {"plain": [], "tls": [], "deflate": ["--compress"]}),
        ours("libws, takeover", {"deflate": []}, "--takeover", "15"),
        ours("libws, 2 loops", {"plain": [], "tls": []}, "--loops", "2"),
        ours("libws, queue", {"plain": [], "tls": []}, "--queue"),
        Server("libws, parts", [str(bench / "libws_parts"), "{port}"], {"large": []}),
        publisher("ws_server_broadcast", "broadcast"),
        publisher("ws_server_broadcast, other thread", "broadcast", "thread"),
        publisher("ws_publish", "publish"),
        publisher("ws_publish, other thread", "publish", "thread"),
        publisher("loop of ws_send", "loop"),
        publisher("loop of ws_send, other thread", "loop", "thread"),
        Server("libwebsockets", [str(bench / "lws_echo"), "{port}"], fanout),
        Server("libwebsockets, at once", [str(bench / "lws_echo"), "{port}", "at-once"], secured),
        Server(LWS_UV, [str(bench / "lws_echo"), "{port}", "uv"], fanout),
        Server("uWebSockets", [str(bench / "uws_echo"), "{port}"], fanout),
        Server("Boost.Beast", [str(bench / "beast_echo"), "{port}"], everything),
        Server("gws", [go, "gws", "{port}"], fanout),
        Server("gorilla", [go, "gorilla", "{port}"], fanout),
        Server("coder", [go, "coder", "{port}"], everything),
        Server("npm ws", ["node", str(HERE / "servers" / "ws_echo.mjs"), "{port}"], fanout, build / "tests" / "node" / "node_modules" / "ws"),
        Server("python websockets", ["/usr/bin/python3", "-B", str(HERE / "servers" / "websockets_echo.py"), "{port}"], fanout),
        Server("fastwebsockets", [str(bench / "fastwebsockets" / "release" / "fastwebsockets_echo"), "{port}"], {"plain": []}),
        Server("Netty", ["java", "-XX:+UseParallelGC", "-Xmx512m", "-cp", f"{bench / 'netty'}:{bench / 'netty' / 'jars'}/*", "NettyEcho", "{port}"],
               secured, bench / "netty" / "jars", warm=5),
        Server("picows", [str(bench / "picows" / "bin" / "python"), "-B", str(HERE / "servers" / "picows_echo.py"), "{port}"], secured),
        Server("TCP echo", [str(bench / "tcp_echo"), "{port}"], {"large": []}),
    ]
    return {server.name: server for server in found}


def free_port():
    with socket.socket() as s:
        s.bind(("", 0))  # on no address, also of clients that are gone
        return s.getsockname()[1]


class Running:
    """A server of its own process, until the end of the with statement."""

    def __init__(self, server, kind, certificate):
        self.make = lambda: subprocess.Popen(server.arguments(kind, self.port, certificate), cwd=server.directory, stdin=subprocess.DEVNULL,
                                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(START_TRIES):
            self.port = free_port()
            self.process = self.make()
            self.pid = self.process.pid
            if self._listens():
                return self
            end = self.end()
            self.__exit__()
        raise RuntimeError(f"it does not start: {end}")

    def _listens(self):
        """Whether it has the port: not somebody else, who took it meanwhile."""
        end = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            if listens([self.pid], self.port):
                return True
            time.sleep(0.02)
        return False

    def end(self):
        """In words, how it ended, or that it has not."""
        status = self.process.poll()
        return "it runs" if status is None else f"it ended with {status}" if status >= 0 else f"it died of {signal.Signals(-status).name}"

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def resident(self):
        """Bytes of resident memory."""
        for line in Path(f"/proc/{self.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Rss:"):
                return 1024 * int(line.split()[1])
        raise RuntimeError("no Rss in smaps_rollup")
