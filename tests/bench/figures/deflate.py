# SPDX-License-Identifier: Apache-2.0
"""Compressing and inflating a message in core/deflate, beside klauspost/compress bare."""
import os
import re
import subprocess

from harness.bench import PATIENCE
from harness.ratios import Hold, quartiles, ratios, told
from harness.report import table
from harness.servers import HERE

TITLE = "Compression beside klauspost/compress alone"
LINE = re.compile(r"^Benchmark(\w+)/(.+)/(ours|klauspost)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op", re.M)
HELD = re.compile(r"\b(1_KiB|1KiB|1024)")


def run(bench):
    """{benchmark: {ours, klauspost: [ns of each round]}}: those of core/deflate that have both."""
    seconds = bench.seconds * 0.1
    command = [os.environ.get("WS_GO", "go"), "test", "./core/deflate", "-run", "^$", "-bench", ".",
               "-benchtime", f"{seconds}s", "-cpu", "1"]
    found = {}
    for _ in range(bench.rounds):
        done = subprocess.run(command, cwd=HERE.parent.parent, capture_output=True, text=True, timeout=PATIENCE * 5)
        if done.returncode:
            bench.fail(f"go test ./core/deflate: status {done.returncode}")
            continue
        for name, what, who, ns in LINE.findall(done.stdout):
            found.setdefault(f"{name}, {what}", {"ours": [], "klauspost": []})[who].append(float(ns))
    for name, one in found.items():
        print(f"  {name}: {told(quartiles(shares(one)))}", flush=True)
    return found


def shares(one):
    return ratios(one["ours"], one["klauspost"])


def holds(found):
    return [Hold(f"{name}, to klauspost/compress".replace("_", " "), shares(one), 1.2) for name, one in found.items() if HELD.search(name)]


def text(found):
    return ("Benchmarks of Go in `core/deflate`, one message each, without takeover: its own way beside the bare library's.\n\n"
            + table(["benchmark", "ours, us", "bare, us", "ratio"], [
                [name.replace("_", " "), *(told(quartiles([ns / 1000 for ns in one[who]])) for who in ("ours", "klauspost")), told(quartiles(shares(one)))]
                for name, one in found.items()]))
