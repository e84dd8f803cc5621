# SPDX-License-Identifier: Apache-2.0
"""1 MiB messages: how near the rate comes to what the kernel allows."""
from harness.ratios import Hold, quartiles, rate, ratios, told
from harness.report import table

TITLE = "Large messages: rate to that of a TCP echo"
SIZE = 1 << 20
SERVERS = ("floor", "libws", "libws, queue", "libwebsockets", "Boost.Beast", "gws", "gorilla")
HELD = ("TCP echo", "libws")


def run(bench):
    """{server: [result of each round]}."""
    found = bench.in_turns(bench.able("raw") + bench.able("plain", SERVERS), lambda server: bench.measure(
        server, "echo", connections=1, size=SIZE), HELD)
    for name in found:
        print(f"  {name:18} {told(quartiles(shares(found, name)))}", flush=True)
    return found


def shares(found, name):
    return ratios([rate(r) for r in found[name]], [rate(r) for r in found.get("TCP echo", [])])


def holds(found):
    return [Hold("1 MiB messages, rate of libws to a TCP echo", shares(found, "libws"), 0.8, least=True)] if set(HELD) <= set(found) else []


def text(found):
    rows = [[name, told(quartiles(shares(found, name))), told(quartiles([rate(r) for r in rounds]), 0)] for name, rounds in found.items()]
    return ("One connection, 1 MiB, one at a time. `tests/bench/servers/tcp_echo.c` sends back what it receives, as it is.\n\n"
            + table(["server", "rate, TCP echo = 1", "messages/s"], rows))
