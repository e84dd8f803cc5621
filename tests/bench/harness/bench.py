# SPDX-License-Identifier: Apache-2.0
"""A run: what was asked for, and how figures measure."""
import json
import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path

from .servers import HERE, Running, servers


class Bench:
    def __init__(self, build, output, quick, rounds, seconds, only):
        self.build, self.output, self.quick = build, output, quick
        self.rounds, self.seconds = rounds, seconds
        self.load = str(build / "tests" / "bench" / "load")
        known = servers(build)
        self.servers = {name: s for name, s in known.items() if s.available() and (not only or name in only)}
        self.missing = [name for name, s in known.items() if not s.available()]
        self.scratch = build / "tests" / "bench" / "run"
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.failures = []
        self._certificate = None
        # Servers inherit it: one descriptor for each connection.
        self.descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

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
        words = [self.load, mode, "--port", str(running.port), "--pid", str(running.pid)]
        for name, value in options.items():
            words += [f"--{name}"] if value is True else [f"--{name}", str(value)]
        if kind == "tls":
            words.append("--tls")
        if kind == "deflate":
            words += ["--deflated", str(self.deflated(options.get("size", 64)))]
        return words

    def measure(self, server, mode, kind="plain", **options):
        """What the load client says of a fresh server; None, and a line in failures, when it fails."""
        options.setdefault("seconds", self.seconds)
        with self.start(server, kind) as running:
            done = subprocess.run(self.arguments(mode, running, kind, **options), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=options["seconds"] + 120)
        if done.returncode:
            self.fail(f"{server.name}, {kind} {mode} {options}: {done.stderr.strip()}")
            return None
        return json.loads(done.stdout.splitlines()[-1])

    def fail(self, text):
        self.failures.append(text)
        print("  failed: " + text, file=sys.stderr, flush=True)

    def in_turns(self, servers, measure):
        """{name: [result of each round]}: the servers take turns, so that what else the
        machine does hits all alike. measure(server) may return None."""
        results = {server.name: [] for server in servers}
        for _ in range(self.rounds):
            for server in servers:
                results[server.name].append(measure(server))
        return results

    def deflated(self, size):
        """A file with a message of so many bytes, as a client compresses it (RFC 7692 7.2.1)."""
        path = self.scratch / f"deflated-{size}"
        if not path.exists():
            text = json_text(size)
            coder = zlib.compressobj(6, zlib.DEFLATED, -15)
            data = coder.compress(text) + coder.flush(zlib.Z_SYNC_FLUSH)
            path.write_bytes(data.removesuffix(b"\x00\x00\xff\xff"))
        return path


def json_text(size):
    """Records as an application sends them: alike, and not the same."""
    text, state = "", 1
    while len(text) < size:
        state = state * 6364136223846793005 + 1442695040888963407 & 2**64 - 1
        text += json.dumps({"id": state >> 40, "symbol": "ABCDEFGH"[state >> 60 & 7] * 3, "price": (state >> 33 & 0xFFFF) / 100, "open": True})
    return text[:size].encode()
