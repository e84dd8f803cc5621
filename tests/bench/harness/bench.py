# SPDX-License-Identifier: Apache-2.0
"""A run: what was asked for, and how figures measure."""
import json
import os
import resource
import subprocess
import sys
import zlib

from .servers import HERE, Running, Server, servers

PATIENCE = 90  # seconds beyond those of a measurement
VARIANTS = 16  # of compressed messages, as in load/load.h
TRIES = 2  # a server that fails so often in a row of rounds is left out of the others


class Bench:
    def __init__(self, build, quick, rounds, seconds, only):
        """rounds: of what is held; seconds: of a measurement of it."""
        self.build, self.quick = build, quick
        self.rounds, self.few, self.seconds = rounds, min(rounds, 1 if quick else 3), seconds
        self.programs = build / "tests" / "bench"
        known = servers(build)
        self.servers = {name: s for name, s in known.items() if s.available() and (not only or name in only)}
        self.missing = [name for name, s in known.items() if not s.available()]
        self.scratch = self.programs / "run"
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.failures = []  # of the figure that runs
        self._certificate = None
        # Servers inherit it: one descriptor for each connection.
        self.descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

    def connections(self, wanted, quick=None):
        """So many, or as many as there are descriptors for."""
        return min(quick if self.quick and quick else wanted, self.descriptors - 300)

    @property
    def certificate(self):
        if not self._certificate:
            subprocess.run([os.environ.get("WS_GO", "go"), "run", "./certs", str(self.scratch)], cwd=HERE.parent, check=True)
            self._certificate = (str(self.scratch / "good-cert.pem"), str(self.scratch / "good-key.pem"))
        return self._certificate

    def able(self, kind, names=None):
        """The servers that can do kind; the order is that of the table."""
        return [s for s in self.servers.values() if kind in s.kinds and (names is None or s.name in names)]

    def start(self, server, kind="plain"):
        return Running(server, kind, self.certificate if kind == "tls" else None)

    def arguments(self, mode, running, kind, **options):
        """The command line of the load client."""
        words = [str(self.programs / "load"), mode, "--port", str(running.port), "--pid", str(running.pid)]
        for name, value in options.items():
            words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        if kind == "tls":
            words.append("--tls")
        if kind == "deflate":
            sizes = [load.split("x")[0] for load in options["loads"].split(",")] if "loads" in options else [options.get("size", 64)]
            words += ["--deflated", self.deflated(map(int, sizes))]
        return words

    def series(self, server, mode, kind="plain", **options):
        """What the load client says of a fresh server, one dict for each line. When it fails there
        is a line in failures, and None for what is missing, or for all."""
        options.setdefault("seconds", self.seconds)
        options.setdefault("warm", max(self.seconds / 4, server.warm))
        many = options.get("loads", "").count(",") + options.get("windows", 1)
        lines = []
        try:
            with self.start(server, kind) as running:
                try:
                    run(self.arguments(mode, running, kind, **options), many * (options["seconds"] + options["warm"]), lines)
                    return lines
                except RuntimeError as error:
                    raise RuntimeError(f"{error}; the server: {running.end()}") from None
        except (RuntimeError, OSError, ValueError) as error:
            told = " ".join(f"{name} {options[name]}" for name in ("connections", "size", "depth", "loads") if name in options)
            self.fail(f"{server.name}, {mode}, {kind}, {told}: {reason(error)}")
            return lines + [None] * (many - len(lines)) if lines else None

    def measure(self, server, mode, kind="plain", **options):
        """The one line of series."""
        lines = self.series(server, mode, kind, **options)
        return lines and lines[-1]

    def client(self, peer, what, way, size, seconds=None):
        """What tests/bench/client says; peer are the words of its raw_peer. None as in series."""
        seconds, lines = seconds or self.seconds, []
        try:
            with Running(Server("raw_peer", [str(self.programs / "raw_peer"), "{port}", *peer], {}), "plain", None) as running:
                run([str(self.programs / "client"), what, way, str(running.port), str(seconds), str(size)], seconds, lines)
                return lines[-1]
        except (RuntimeError, OSError, ValueError) as error:
            self.fail(f"client {what} {way}, {size} bytes: {reason(error)}")
            return None

    def fail(self, text):
        if text not in self.failures:
            self.failures.append(text)
        print("  failed: " + text, file=sys.stderr, flush=True)

    def in_turns(self, servers, measure, held=()):
        """{name: [result of each round]}: the servers take turns, so that what else the
        machine does hits all alike. Those that are held, by name, have all rounds, others a few.
        measure(server) returns None when it fails; who does so again and again is left out."""
        results = {server.name: [] for server in servers}
        for number in range(self.rounds if set(held) & set(results) else self.few):
            for server in servers:
                mine = results[server.name]
                if number < self.few or server.name in held:
                    lost = len(mine) >= TRIES and not any(mine[-TRIES:])
                    mine.append(None if lost else measure(server))
        return results

    def deflated(self, sizes):
        """The prefix of files with messages of each size, as a client without takeover compresses them
        (RFC 7692 7.2.1), each behind its size."""
        prefix = self.scratch / "deflated"
        for size in sizes:
            packed = b""
            for number in range(VARIANTS):
                packed += deflated(json_text(size, number), 6)
            (self.scratch / f"deflated-{size}").write_bytes(packed)
        return str(prefix)


def deflated(data, level):
    """As load/message.c reads it."""
    coder = zlib.compressobj(level, zlib.DEFLATED, -15)
    packed = (coder.compress(data) + coder.flush(zlib.Z_SYNC_FLUSH)).removesuffix(b"\x00\x00\xff\xff")
    return len(packed).to_bytes(4, "little") + packed


def reason(error):
    """Without paths of this machine."""
    return error.strerror if isinstance(error, OSError) else error


def run(command, seconds, lines):
    """Appends the lines of JSON of a program, parsed; also those of one that fails."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + PATIENCE)
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"no end after {seconds + PATIENCE:.0f} s") from None
    lines += map(json.loads, done.stdout.splitlines())
    if done.returncode or not lines:
        raise RuntimeError(done.stderr.strip() or f"status {done.returncode}")


def json_text(size, number):
    """Records as an application sends them: alike, and not the same."""
    text, state = "", 2 * number + 1
    while len(text) < size:
        state = state * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
        text += json.dumps({"id": state >> 40, "symbol": "ABCDEFGH"[state >> 60 & 7] * 3, "price": (state >> 33 & 0xFFFF) / 100, "open": True})
    return text[:size].encode()
