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
LINE = re.compile(r"^Benchmark(\S+)\s+\d+\s+(.*)$", re.M)
METRIC = re.compile(r"([\d.]+) (\S+)")
HELD = "Message"  # of 1 KiB, compressed and inflated


def pairs(output):
    """(name, ours or klauspost, ns) of benchmarks that tell of both: each in one of its own, or in one."""
    for name, metrics in LINE.findall(output):
        known = {unit: float(value) for value, unit in METRIC.findall(metrics)}
        what, _, who = name.rpartition("/")
        if "ns-ours" in known:
            yield name, "ours", known["ns-ours"]
            yield name, "klauspost", known["ns-bare"]
        elif who in ("ours", "klauspost"):
            yield what, who, known["ns/op"]


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
        for name, who, ns in pairs(done.stdout):
            found.setdefault(name.replace("/", ", "), {"ours": [], "klauspost": []})[who].append(ns)
    for name, one in found.items():
        print(f"  {name}: {told(quartiles(shares(one)))}", flush=True)
    return found


def shares(one):
    return ratios(one["ours"], one["klauspost"])


def holds(found):
    return [Hold(f"compressing and inflating 1 KiB, {name.split(', ')[-1]}, to klauspost/compress", shares(one), 1.2) for name, one in found.items() if name.startswith(HELD)]


def text(found):
    return ("Benchmarks of Go in `core/deflate`, one message each, without takeover where nothing else is said: its own way beside the bare "
            "library's. \"Message\" is one of 1 KiB, compressed and inflated.\n\n"
            + table(["benchmark", "ours, us", "bare, us", "ratio"], [
                [name.replace("_", " "), *(told(quartiles([ns / 1000 for ns in one[who]])) for who in ("ours", "klauspost")), told(quartiles(shares(one)))]
                for name, one in found.items()]))
