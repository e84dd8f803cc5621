# SPDX-License-Identifier: Apache-2.0
"""Server CPU per echoed message, at the loads that are held, with all servers."""
from harness import picture
from harness.ratios import Hold, of, per, quartiles, rate, ratios, told
from harness.report import table

TITLE = "Echo: CPU of the server per message"
LOADS = ("64x64x1", "64x64x16", "64x16384x1", "1x64x1")
GO = ("gws", "gorilla", "coder")

# (load, server, to which, the most that the median may be).
HOLDS = [
    *((load, "libws", "floor", 1.06) for load in LOADS),
    *((load, "libws", "uWebSockets", 1.05) for load in LOADS),
    ("64x64x1", "libws", "libwebsockets", 0.9), ("64x64x1", "libws", "Boost.Beast", 0.6),
    *(("64x64x1", "libws", other, 0.7) for other in GO),
    *(("64x64x16", "libws", other, 0.15) for other in GO),
    *((load, "libws, 2 loops", "floor, 2 threads", 1.15) for load in LOADS[:3]),
    ("64x64x1", "libws, queue", "floor", 1.4), ("64x64x16", "libws, queue", "floor", 3),
]
# Told beside it, (server, to which): what a second thread costs on this machine, whoever wants it.
SECOND = [("floor, 2 threads", "floor"), ("libws, 2 loops", "libws"), ("libws, 2 loops", "floor, 2 threads")]


def run(bench):
    """{load: {server: [result of each round]}}."""
    found = {}
    for load in LOADS:
        connections, size, depth = map(int, load.split("x"))
        held = {name for hold in HOLDS if hold[0] == load for name in hold[1:3]}
        if connections > 1:
            held |= {name for pair in SECOND for name in pair}
        found[load] = bench.in_turns(bench.able("plain"), lambda server: bench.measure(
            server, "echo", connections=connections, size=size, depth=depth), held)
        for name, q in compared(found[load]).items():
            print(f"  {load:12} {name:18} {told(q)}", flush=True)
    return found


def costs(rounds):
    return [per(r) for r in rounds]


def compared(results):
    """{server: quartiles of the ratio to the first}."""
    base = costs(next(iter(results.values()), []))
    return {name: quartiles(ratios(costs(rounds), base)) for name, rounds in results.items()}


def holds(found):
    return [Hold(f"echo, {load}, {server} to {other}", ratios(costs(found[load][server]), costs(found[load][other])), limit)
            for load, server, other, limit in HOLDS if server in found.get(load, {}) and other in found[load]]


def text(found):
    body = "A load is connections x bytes x messages in flight on each. CPU of the server per message, as a ratio to the first column.\n\n"
    names = list(dict.fromkeys(name for results in found.values() for name in results))
    body += table(["load"] + names, [[load] + [told(compared(results).get(name)) for name in names] for load, results in found.items()])
    body += second(found)
    body += "\nMedians of messages a second; median and p99 of the time of a round trip in us:\n\n"
    return body + table(["load", "server", "messages/s", "p50", "p99"], [
        [load, name, told(quartiles([rate(r) for r in rounds]), 0), *(told(quartiles(of(rounds, key)), 0) for key in ("p50", "p99"))]
        for load, results in found.items() for name, rounds in results.items()])


def second(found):
    """The loads that have connections for two."""
    rows = [[load] + [told(quartiles(ratios(costs(results.get(server, [])), costs(results.get(other, []))))) for server, other in SECOND]
            for load, results in found.items() if not load.startswith("1x")]
    return ("\nWhat a second thread costs: the floor's is what this machine takes for it. CPU of the server per message:\n\n"
            + table(["load"] + [f"{server} / {other}" for server, other in SECOND], rows))


def draw(found, path):
    names = dict.fromkeys(name for results in found.values() for name in results)
    picture.bars(path, "CPU time of the server for a message that it echoes, beside the least possible", "less", "x", list(found),
                 {name: [compared(results).get(name) for results in found.values()] for name in names})
