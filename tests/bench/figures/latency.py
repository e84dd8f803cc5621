# SPDX-License-Identifier: Apache-2.0
"""How long a reply takes when each server has half of what it can do."""
from harness.ratios import of, quartiles, rate, told
from harness.report import table

TITLE = "Latency at half load"
CONNECTIONS, SIZE = 64, 64
SERVERS = {"plain": None, "tls": ("libws", "libwebsockets", "Boost.Beast", "gws")}


def run(bench):
    """{kind: {server: [result of each round]}}."""
    def measure(server, kind):
        most = bench.measure(server, "echo", kind, connections=CONNECTIONS, size=SIZE, seconds=bench.seconds * 0.4)
        return most and bench.measure(server, "paced", kind, connections=CONNECTIONS, size=SIZE, rate=int(rate(most) / 2))

    found = {}
    for kind in SERVERS:
        names = bench.able(kind, SERVERS[kind])
        found[kind] = bench.in_turns(names, lambda server: measure(server, kind))
        for name, rounds in found[kind].items():
            print(f"  {kind:6} {name:18} p99 {told(quartiles(of(rounds, 'p99')), 0)} us", flush=True)
    return found


def text(found):
    body = (f"{CONNECTIONS} connections, {SIZE} bytes. First the rate of the echo, one message at a time on each, is measured, "
            "then half of it is sent evenly, whether replies come or not. A time runs from when a message was due. "
            "In us; \"late\" is how far the client itself was behind at worst.\n")
    for kind, results in found.items():
        rows = [[name, told(quartiles([rate(r) for r in rounds]), 0), *(told(quartiles(of(rounds, key)), 0) for key in ("p50", "p99", "p999", "late"))]
                for name, rounds in results.items()]
        body += f"\n### {kind}\n\n" + table(["server", "messages/s", "p50", "p99", "p99.9", "late"], rows)
    return body


def draw(found, path):
    from harness import plot  # wants matplotlib

    keys = ("p50", "p99", "p999")
    plot.bars(path, "Latency at half load, plain", "us (logarithmic)", ["p50", "p99", "p99.9"],
              {name: [quartiles(of(rounds, key)) for key in keys] for name, rounds in found["plain"].items()}, logarithmic=True)
