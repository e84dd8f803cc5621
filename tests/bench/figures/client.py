# SPDX-License-Identifier: Apache-2.0
"""What a client of the library costs: receiving through a callback and a queue, and ws_send."""
import json
import subprocess

from harness.ratios import per, quartiles, rate, ratios, told, verdict
from harness.report import table
from harness.servers import Running, Server

TITLE = "Client: receiving and sending"
SIZES, HOLD_NS = (64, 1024), 150


def measure(bench, what, way, size):
    peer = ["flood", str(size)] if what == "receive" else ["sink"]
    server = Server("peer", [str(bench.build / "tests/bench/raw_peer"), "{port}", *peer], frozenset())
    with Running(server, "plain", None) as running:
        done = subprocess.run([str(bench.build / "tests/bench/client"), what, way, str(running.port), str(bench.seconds), str(size)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=bench.seconds + 60)
    if done.returncode:
        bench.fail(f"client {what} {way}: {done.stderr.strip()}")
        return None
    return json.loads(done.stdout)


def run(bench):
    found = []
    for what, ways in (("receive", ("bare", "callback", "queue")), ("send", ("bare", "library"))):
        for size in SIZES:
            rounds = {way: [] for way in ways}
            for _ in range(bench.rounds):
                for way in ways:
                    rounds[way].append(measure(bench, what, way, size))
            found.append({"what": what, "size": size, "results": rounds})
            for way in ways:
                print(f"  {what} {size:5} {way:9} {told(quartiles(costs(what, rounds[way])), 3)} us", flush=True)
    return found


def costs(what, rounds):
    """us for each message: CPU of the process, or the time of a call."""
    return [per(r, "messages") for r in rounds] if what == "receive" else [r["p50"] if r else None for r in rounds]


def text(found):
    body = ("A peer in C sends, or reads, as fast as it can over one connection. Receiving: CPU of the client's process for each message; "
            "bare is `recv` and the frames' heads. Sending from a thread of the host: median time of a call; bare is `sendmsg` "
            "of the same masked bytes.\n\n")
    rows = []
    for one in found:
        bare = costs(one["what"], one["results"]["bare"])
        for way, rounds in one["results"].items():
            values = costs(one["what"], rounds)
            more = quartiles([(a - b) * 1000 for a, b in zip(values, bare) if a is not None and b is not None])
            held = one["what"] == "send" and way == "library"
            rows.append([one["what"], one["size"], way, told(quartiles(ratios(values, bare))), told(more, 0),
                         told(quartiles([rate(r) for r in rounds]), 0), f"<= {HOLD_NS} ns more: {verdict(more, HOLD_NS)}" if held else ""])
    return body + table(["what", "bytes", "way", "x bare", "ns more than bare", "messages/s", "hold"], rows)
