# SPDX-License-Identifier: Apache-2.0
"""Server CPU per echoed message at all sizes, plain, over TLS and compressed."""
from harness import picture
from harness.ratios import of, per, quartiles, rate, ratios, told
from harness.report import table
from harness.servers import LWS_UV
from harness.words import size

TITLE = "Echo at all sizes: plain, TLS, compressed"
CONNECTIONS = (1, 64, 10000)
SIZES = {"plain": (16, 64, 1024, 16384, 1 << 20), "tls": (16, 64, 1024, 16384, 1 << 20), "deflate": (64, 1024, 16384)}
SERVERS = {
    "plain": ("floor", "libws", "uWebSockets", LWS_UV, "gws"),
    "tls": ("libws", "uWebSockets", "Boost.Beast", "gws"),
    "deflate": ("libws", "libws, takeover", "uWebSockets", LWS_UV, "Boost.Beast", "gws"),
}
MOST = 256 << 20  # bytes in flight: more is a test of the machine's memory


def loads(kind, connections):
    """SIZExDEPTH, from small to large, so that what a large one leaves behind hits no small one."""
    return [f"{size}x{depth}" for size in SIZES[kind] for depth in (1, 16)
            if connections * size * depth <= MOST and (depth == 1 or size == 64 or connections < 10000)]


def run(bench):
    """[{kind, connections, loads, results: {server: [[result of each load] of each round]}}]."""
    found = []
    for kind in SIZES:
        for connections in (bench.connections(n, min(n, 300)) for n in CONNECTIONS):
            wanted = loads(kind, connections)
            results = bench.in_turns(bench.able(kind, SERVERS[kind]), lambda server: bench.series(
                server, "echo", kind, connections=connections, loads=",".join(wanted), seconds=bench.seconds * 0.3, warm=bench.seconds * 0.1))
            found.append({"kind": kind, "connections": connections, "loads": wanted, "results": results})
            print(f"  {kind} {connections}", flush=True)
    return found


def column(rounds, i):
    """The results of load i."""
    return [r[i] if r else None for r in rounds]


def costs(one, name, i):
    return [per(r) for r in column(one["results"][name], i)]


def text(found):
    body = ("Servers are started once for each number of connections, and the loads follow one another on the same ones. "
            "Each cell: CPU of the server per message as a ratio to the first server that is named; behind it its messages a second and p99 of a "
            "round trip in us, medians. Compressed messages are sent as a client without takeover compresses them; what comes back is as the server "
            "likes it, and one with takeover sees the same message again and again. libws takes over only when it is asked to.\n")
    for kind in SIZES:
        some = [one for one in found if one["kind"] == kind and one["results"]]
        if not some:
            continue
        names = list(some[0]["results"])
        rows = [[f"{one['connections']}x{load}"] + [cell(one, names, name, i) for name in names] for one in some for i, load in enumerate(one["loads"])]
        body += f"\n### {kind}\n\n" + table(["load"] + names, rows)
    return body


def cell(one, names, name, i):
    q = quartiles(ratios(costs(one, name, i), costs(one, names[0], i)))
    if not q:
        return "-"
    rounds = column(one["results"][name], i)
    return f"{q[1]:.2f}; {quartiles([rate(r) for r in rounds])[1]:.0f}/s; {quartiles(of(rounds, 'p99'))[1]:.0f}"


KIND_TITLES = {"plain": "without TLS", "tls": "with TLS", "deflate": "compressed"}


def draw(found, path):
    picked = [(one, i) for one in found for i, load in enumerate(one["loads"]) if one["connections"] == 64 and load.endswith("x1")]
    names = dict.fromkeys(name for one, _ in picked for name in one["results"])
    picture.bars(path, "CPU time of the server for a message that it echoes, 64 connections, one at a time", "less", "µs",
                 [f"{KIND_TITLES.get(one['kind'], one['kind'])}, {size(int(one['loads'][i][:-2]))}" for one, i in picked], series={
        name: [quartiles(costs(one, name, i)) if name in one["results"] else None for one, i in picked] for name in names})
