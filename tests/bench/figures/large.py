# SPDX-License-Identifier: Apache-2.0
"""1 MiB messages: how near the rate comes to what the kernel allows."""
from harness.ratios import Hold, quartiles, rate, ratios, told
from harness.report import table

TITLE = "Large messages: rate to that of a TCP echo"
SIZE = 1 << 20
CONNECTIONS = ("1", "4")  # with one the time of a round trip is all that counts
ROD = "TCP echo"
SERVERS = (ROD, "floor", "libws", "libws, parts", "libws, queue", "uWebSockets", "libwebsockets", "Boost.Beast", "gws", "gorilla")
HELD = {"1": (ROD, "libws", "libws, parts")}


def run(bench):
    """{connections: {server: [result of each round]}}."""
    servers = bench.able("large", SERVERS) + bench.able("plain", SERVERS)
    servers.sort(key=lambda server: SERVERS.index(server.name))
    found = {}
    for connections in CONNECTIONS:
        found[connections] = bench.in_turns(servers, lambda server: bench.measure(
            server, "echo", connections=connections, size=SIZE), HELD.get(connections, ()))
        for name in found[connections]:
            print(f"  {connections} {name:18} {told(quartiles(shares(found[connections], name)))}", flush=True)
    return found


def shares(results, name):
    return ratios([rate(r) for r in results.get(name, [])], [rate(r) for r in results.get(ROD, [])])


def holds(found):
    return [Hold(f"1 MiB messages, rate of {name} to a TCP echo", shares(found["1"], name), 0.8, least=True)
            for name in HELD["1"][1:] if {name, ROD} <= set(found["1"])]


def text(found):
    names = list(dict.fromkeys(name for results in found.values() for name in results))
    heads = [head for connections in found for head in (f"{connections}: rate, {ROD} = 1", f"{connections}: messages/s")]
    rows = [[name] + [cell for results in found.values() for cell in (
        told(quartiles(shares(results, name))), told(quartiles([rate(r) for r in results.get(name, [])]), 0))] for name in names]
    return ("1 MiB, one at a time on each connection, of which there are as many as the column's name begins with. "
            "`tests/bench/servers/tcp_echo.c` sends back what it receives, as it is; \"libws, parts\" each piece of a message as it comes.\n\n"
            + table(["server"] + heads, rows))
