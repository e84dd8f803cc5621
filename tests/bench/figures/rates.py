# SPDX-License-Identifier: Apache-2.0
"""What a message costs, and how long its reply takes, at rates that are the same for all servers."""
from harness import picture
from harness.ratios import Hold, of, per, quartiles, ratios, told
from harness.report import table

TITLE = "Fixed rates: CPU and latency under partial load"
SIZE = 64
# (kind, connections, messages a second)
LOADS = [("plain", 64, 5000), ("plain", 10, 20000), ("plain", 1000, 20000), ("plain", 10000, 20000), ("tls", 64, 5000)]
RODS = {"plain": "floor", "tls": "floor, TLS"}
SERVERS = {"plain": ("floor", "floor, queue", "libws", "libws, queue", "uWebSockets", "libwebsockets, libuv", "Boost.Beast", "gws"),
           "tls": ("floor, TLS", "libws", "libws, queue", "uWebSockets", "Boost.Beast", "gws")}
# (server, the most that the median may be, of the rod).
HOLDS = [("libws", 1.10), ("libws, queue", 1.4)]
HELD = {"uWebSockets"} | {server for server, _ in HOLDS}


def named(kind, connections, rate):
    return f"{kind}, {connections} connections, {rate}/s"


def run(bench):
    """[{kind, connections, rate, results: {server: [result of each round]}}]."""
    found = []
    for kind, wanted, rate in LOADS:
        connections = bench.connections(wanted, min(wanted, 300))
        results = bench.in_turns(bench.able(kind, SERVERS[kind]), lambda server: bench.measure(
            server, "paced", kind, connections=connections, size=SIZE, rate=rate), {RODS[kind], *HELD})
        found.append({"kind": kind, "connections": connections, "rate": rate, "results": results})
        for name, q in compared(found[-1]).items():
            print(f"  {named(kind, connections, rate):34} {name:18} {told(q)}", flush=True)
    return found


def costs(rounds):
    return [per(r) for r in rounds]


def compared(one):
    """{server: quartiles of the ratio to the rod}."""
    rod = costs(one["results"].get(RODS[one["kind"]], []))
    return {name: quartiles(ratios(costs(rounds), rod)) for name, rounds in one["results"].items()}


def holds(found):
    return [Hold(f"{named(one['kind'], one['connections'], one['rate'])}, {server} to {RODS[one['kind']]}",
                 ratios(costs(one["results"][server]), costs(one["results"][RODS[one["kind"]]])), limit)
            for one in found for server, limit in HOLDS if {server, RODS[one["kind"]]} <= set(one["results"])]


def text(found):
    body = (f"Messages of {SIZE} bytes are sent evenly, whether replies come or not, at the same rate to each server. CPU of the server per "
            "message as a ratio to the floor; times of a reply in us, from when its message was due. \"Late\" is how far the client itself "
            "was behind at worst, which is in the times, too. The floor by queue has a second thread that writes the replies: the least "
            "that a queue between two threads costs.\n")
    for one in found:
        rows = [[name, told(compared(one)[name]), told(quartiles(costs(rounds)), 1), *(told(quartiles(of(rounds, key)), 0) for key in ("p50", "p99", "late"))]
                for name, rounds in one["results"].items()]
        body += f"\n### {named(one['kind'], one['connections'], one['rate'])}\n\n" + table(["server", "to the floor", "us", "p50", "p99", "late"], rows)
    return body


def draw(found, path):
    plain = [one for one in found if one["kind"] == "plain"]
    names = list(dict.fromkeys(name for one in plain for name in one["results"]))
    picture.bars(path, "CPU time of the server for a message at a fixed rate, beside the least possible", "less", "x",
                 [f"{one['connections']:,} connections, {one['rate']:,} messages a second together" for one in plain],
                 {name: [compared(one).get(name) for one in plain] for name in names})
