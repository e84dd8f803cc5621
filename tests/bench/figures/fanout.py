# SPDX-License-Identifier: Apache-2.0
"""One message to thousands."""
from harness.ratios import per, quartiles, ratios, told, verdict
from harness.report import table

TITLE = "Broadcast"
SIZE, HOLD = 128, 1.2


def run(bench):
    """{server: [result of each round]}."""
    connections = min(500 if bench.quick else 5000, bench.descriptors - 300)
    return {"connections": connections, "results": bench.in_turns(
        bench.able("fanout"), lambda server: bench.measure(server, "fanout", "fanout", connections=connections, size=SIZE))}


def text(found):
    base = [per(r, "messages") for r in found["results"].get("floor", [])]
    rows = []
    for name, rounds in found["results"].items():
        q = quartiles(ratios([per(r, "messages") for r in rounds], base))
        rows.append([name, told(q), told(quartiles([r["p50"] if r else None for r in rounds]), 0),
                     f"<= {HOLD}: {verdict(q, HOLD)}" if name == "libws" else ""])
    return (f"{SIZE} bytes to {found['connections']} connections, one after another; the floor is a loop of `send`.\n\n"
            + table(["server", "CPU for each recipient", "us to the last", "hold"], rows))
