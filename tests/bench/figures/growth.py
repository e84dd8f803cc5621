# SPDX-License-Identifier: Apache-2.0
"""Whether a message costs the same with many connections as with few."""
from harness.ratios import per, quartiles, ratios, told
from harness.report import table

TITLE = "Growth: CPU per message with more connections"
SERVERS = ("floor", "libws", "libwebsockets", "Boost.Beast", "gws")


def run(bench):
    """{server: {connections: [result of each round]}}."""
    steps = (10, 100, 1000) if bench.quick else (10, 30, 100, 300, 1000, 3000, 10000, 19000)
    names = bench.able("plain", SERVERS)
    found = {server.name: {} for server in names}
    for connections in steps:
        if connections > bench.descriptors - 300:
            continue
        for name, rounds in bench.in_turns(names, lambda server: bench.measure(server, "echo", connections=connections)).items():
            found[name][str(connections)] = rounds
            print(f"  {connections:6} {name:18} {told(quartiles([per(r, 'messages') for r in rounds]))} us", flush=True)
    return found


def costs(rounds):
    return [per(r, "messages") for r in rounds]


def text(found):
    body = ("64 bytes, one at a time on each connection, plain. CPU of the server per message, as a ratio to the floor with as many "
            "connections: with few, more system calls wait for one message; with many, the caches do not hold all.\n\n")
    rows = []
    for connections in found.get("floor", next(iter(found.values()), {})):
        base = costs(found["floor"][connections]) if "floor" in found else None
        rows.append([connections] + [told(quartiles(ratios(costs(steps[connections]), base) if base else costs(steps[connections])))
                                     for steps in found.values()])
    return body + table(["connections", *found], rows)


def draw(found, path):
    from harness import plot  # wants matplotlib

    plot.lines(path, "CPU of the server per message", "us, median", "connections", {
        name: [(int(n), quartiles(costs(rounds))[1]) for n, rounds in steps.items() if quartiles(costs(rounds))] for name, steps in found.items()})
