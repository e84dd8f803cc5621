# SPDX-License-Identifier: Apache-2.0
"""Echo while other processes want all processors: what a message costs then, and how long its reply takes."""
import os

from harness import picture
from harness.busy import busy
from harness.ratios import Hold, of, quartiles, ratios, told
from harness.report import table

from .echo import compared, costs

TITLE = "A busy machine"
SERVERS = ("floor", "libws", "libws, queue", "uWebSockets", "Boost.Beast", "gws")
# (mode of the load client, its options)
LOADS = {"64x64x1": ("echo", {"connections": 64, "size": 64, "depth": 1}), "64x64x16": ("echo", {"connections": 64, "size": 64, "depth": 16}),
         "5,000/s on 64 connections": ("paced", {"connections": 64, "size": 64, "rate": 5000})}
HELD = ("floor", "libws", "uWebSockets")
MOST = 1.05  # of uWebSockets


def run(bench):
    """{load: {server: [result of each round]}}."""
    found = {}
    with busy(os.cpu_count()):
        for load, (mode, options) in LOADS.items():
            found[load] = bench.in_turns(bench.able("plain", SERVERS), lambda server: bench.measure(server, mode, **options), HELD)
            for name, q in compared(found[load]).items():
                print(f"  {load:26} {name:18} {told(q)}", flush=True)
    return found


def holds(found):
    return [Hold(f"a busy machine, {load}, libws to uWebSockets", ratios(costs(results["libws"]), costs(results["uWebSockets"])), MOST)
            for load, results in found.items() if {"libws", "uWebSockets"} <= set(results)]


def text(found):
    body = ("The same beside as many processes that compute as there are processors, so that each wake-up waits for its turn and finds cold "
            "caches. CPU of the server per message as a ratio to the floor; times of a reply in us.\n\n")
    return body + table(["load", "server", "to the floor", "us", "p50", "p99"], [
        [load, name, told(compared(results)[name]), told(quartiles(costs(rounds)), 1), *(told(quartiles(of(rounds, key)), 0) for key in ("p50", "p99"))]
        for load, results in found.items() for name, rounds in results.items()])


def draw(found, path):
    names = dict.fromkeys(name for results in found.values() for name in results)
    picture.bars(path, "CPU time of the server for a message on a busy machine, beside the least possible", "less", "x", list(found),
                 {name: [compared(results).get(name) for results in found.values()] for name in names})
