# SPDX-License-Identifier: Apache-2.0
"""1 MiB messages: how near the rate comes to what the kernel allows."""
from harness.ratios import quartiles, rate, ratios, told
from harness.report import table

TITLE = "Large messages: rate to that of a TCP echo"
HOLD, SIZE = 0.8, 1 << 20


def run(bench):
    """{server: [result of each round]}."""
    servers = bench.able("raw") + bench.able("plain")
    found = bench.in_turns(servers, lambda server: bench.measure(server, "echo", connections=1, size=SIZE))
    for name, values in shares(found).items():
        print(f"  {name:18} {told(values)}", flush=True)
    return found


def shares(found):
    base = [rate(r) for r in found.get("TCP echo", [])]
    return {name: quartiles(ratios([rate(r) for r in rounds], base)) for name, rounds in found.items()}


def text(found):
    rows = []
    for name, q in shares(found).items():
        held = "" if name != "libws" or q is None else "undecided" if q[0] < HOLD < q[2] else "met" if q[1] >= HOLD else "not met"
        rows.append([name, told(q), f">= {HOLD}: {held}" if held else ""])
    return ("One connection, 1 MiB, one at a time. `tests/bench/servers/tcp_echo.c` sends back what it receives, as it is.\n\n"
            + table(["server", "rate, TCP echo = 1", "hold"], rows))
