# SPDX-License-Identifier: Apache-2.0
"""The library itself: size, load time, first call."""
import subprocess

from harness.ratios import Hold, quartiles, told
from harness.report import table

TITLE = "Size and load time of the library"
# Loads the library in a fresh process and makes one call: milliseconds.
PROGRAM = """
import ctypes, sys, time
start = time.perf_counter()
library = ctypes.CDLL(sys.argv[1])
loaded = time.perf_counter()
library.ws_abi_version()
library.ws_create.restype = ctypes.c_uint64
library.ws_create(None)
print((loaded - start) * 1000, (time.perf_counter() - loaded) * 1000)
"""


def run(bench):
    library = (bench.build / "libws.so").resolve()
    stripped = bench.scratch / "stripped.so"
    subprocess.run(["strip", "-o", str(stripped), str(library)], check=True)
    found = {"bytes": library.stat().st_size, "stripped": stripped.stat().st_size, "load": [], "first": []}
    for _ in range(bench.rounds * 3):
        done = subprocess.run(["/usr/bin/python3", "-c", PROGRAM, str(library)], capture_output=True, text=True, check=True, timeout=60)
        load, first = map(float, done.stdout.split())
        found["load"].append(load)
        found["first"].append(first)
    return found


def both(found):
    return [a + b for a, b in zip(found["load"], found["first"])]


def holds(found):
    return [Hold("size of the library, stripped", [found["stripped"] / 1e6], 7, "MB", exact=True),
            Hold("load and first call", both(found), 5, "ms")]


def text(found):
    return "Each time a fresh process, by Python's ctypes.\n\n" + table(["what", ""], [
        ["bytes", found["bytes"]],
        ["bytes, stripped", found["stripped"]],
        ["load, ms", told(quartiles(found["load"]))],
        ["ws_abi_version and ws_create, ms", told(quartiles(found["first"]))],
        ["both, ms", told(quartiles(both(found)))],
    ])
