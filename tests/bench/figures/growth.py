# SPDX-License-Identifier: Apache-2.0
"""Whether a message and a connection cost the same with many connections as with few."""
from harness.ratios import of, per, quartiles, ratios, told
from harness.report import table
from harness.servers import LWS_UV

TITLE = "Growth: CPU and memory from 10 to 19,000 connections"
SERVERS = ("floor", "libws", "uWebSockets", LWS_UV, "gws")
STEPS = (10, 30, 100, 300, 1000, 3000, 10000, 19000)


def run(bench):
    """{server: {connections: [result of each round]}}."""
    names = bench.able("plain", SERVERS)
    found = {server.name: {} for server in names}
    for connections in STEPS[:5] if bench.quick else STEPS:
        if connections > bench.connections(connections):
            continue
        for name, rounds in bench.in_turns(names, lambda server: bench.measure(
                server, "echo", connections=connections, seconds=bench.seconds * 0.5)).items():
            found[name][str(connections)] = rounds
            print(f"  {connections:6} {name:18} {told(quartiles(costs(rounds)))} us", flush=True)
    return found


def costs(rounds):
    return [per(r) for r in rounds]


def text(found):
    body = ("64 bytes, one at a time on each connection, plain. CPU of the server per message, as a ratio to the first server with as many "
            "connections: with few, more system calls wait for one message; with many, the caches do not hold all.\n\n")
    first = next(iter(found.values()), {})
    body += table(["connections", *found], [
        [n] + [told(quartiles(ratios(costs(steps.get(n, [])), costs(first[n])))) for steps in found.values()] for n in first])
    body += "\nCPU of the server per message in us, medians:\n\n"
    body += table(["connections", *found], [[n] + [middle(costs(steps.get(n, [])), 1, 2) for steps in found.values()] for n in first])
    body += "\nResident memory of the server meanwhile in MB, medians:\n\n"
    return body + table(["connections", *found], [
        [n] + [middle(of(steps.get(n, []), "resident"), 1e-6, 1) for steps in found.values()] for n in first])


def middle(values, factor, digits):
    q = quartiles(values)
    return f"{q[1] * factor:.{digits}f}" if q else "-"


def draw(found, path):
    from harness import plot  # wants matplotlib

    plot.lines(path, "CPU time of the server for a message that it echoes: less is better", "µs, median", "connections", {
        name: [(int(n), quartiles(costs(rounds))[1]) for n, rounds in steps.items() if quartiles(costs(rounds))] for name, steps in found.items()})
