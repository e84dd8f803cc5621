# SPDX-License-Identifier: Apache-2.0
"""What a connection costs that does nothing: resident memory."""
import subprocess
import time

from harness import picture
from harness.bench import reason
from harness.ratios import Hold, quartiles, told
from harness.report import table
from harness.servers import LWS_UV
from harness.words import size

TITLE = "Memory of an idle connection"
FEW, MANY, SIZES = 100, 10000, (64, 65536)
REST = 2.5  # s between the last echo and the look, for servers that give memory back when they are idle
HOLDS = {("plain", 64): 400, ("plain", 65536): 400, ("tls", 64): 9000, ("tls", 65536): 9000}  # bytes
SERVERS = {
    "plain": ("floor", "libws", "uWebSockets", LWS_UV, "Boost.Beast", "gws", "gorilla", "coder", "npm ws"),
    "tls": ("libws", "uWebSockets", "Boost.Beast", "gws"),
    "deflate": ("libws", "libws, takeover", "uWebSockets", LWS_UV, "gws"),
}


def resident(bench, server, kind, connections):
    """Bytes with so many connections: after one echo of each size on each."""
    with bench.start(server, kind) as running:
        client = subprocess.Popen(bench.arguments("idle", running, kind, connections=connections),
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            client.stdout.readline()
            return [after_echo(client, running, size, min(REST, bench.seconds * REST)) for size in SIZES]
        finally:
            client.kill()
            client.wait()
            client.stdin.close()
            client.stdout.close()


def after_echo(client, running, size, rest):
    print(f"echo {size}", file=client.stdin, flush=True)
    if client.stdout.readline() != "done\n":
        raise RuntimeError(f"no echo of {size} bytes")
    time.sleep(rest)
    return running.resident()


def each(bench, server, kind, many):
    """[bytes for each connection, by size], or None."""
    try:
        few, most = (resident(bench, server, kind, n) for n in (FEW, many))
    except (OSError, RuntimeError) as error:
        bench.fail(f"{server.name}, {kind}, idle connections: {reason(error)}")
        return None
    return [(b - a) / (many - FEW) for a, b in zip(few, most)]


def run(bench):
    """{kind: {many, results: {server: [[bytes by size] of each round]}}}."""
    many, found = bench.connections(MANY, 1000), {}
    for kind, names in SERVERS.items():
        if kind == "deflate":
            bench.deflated(SIZES)
        held = {"libws"} if any(kind == held for held, _ in HOLDS) else ()
        results = bench.in_turns(bench.able(kind, names), lambda server: each(bench, server, kind, many), held)
        found[kind] = {"many": many, "results": results}
        for name, rounds in results.items():
            print(f"  {kind:8} {name:18} {' / '.join(told(quartiles(sized(rounds, i)), 0) for i in range(len(SIZES)))} bytes", flush=True)
    return found


def sized(rounds, i):
    return [r[i] if r else None for r in rounds]


def holds(found):
    return [Hold(f"idle connection, {kind}, after {size} bytes, of {found[kind]['many']}",
                 sized(found[kind]["results"]["libws"], SIZES.index(size)), limit, "bytes", 0)
            for (kind, size), limit in HOLDS.items() if "libws" in found.get(kind, {}).get("results", {})]


def text(found):
    body = (f"Resident memory of the server with many connections less that with {FEW}, for each: after one echo of {SIZES[0]} bytes on "
            f"each, and then after one of {SIZES[1]} bytes on each, too; {REST} s later. Bytes. \"libws\" compresses without takeover, the others with it.\n\n")
    return body + table(["kind", "connections", "server", *(f"after {size} bytes" for size in SIZES)], [
        [kind, one["many"], name, *(told(quartiles(sized(rounds, i)), 0) for i in range(len(SIZES)))]
        for kind, one in found.items() for name, rounds in one["results"].items()])


def draw(found, path):
    names = dict.fromkeys(name for one in found.values() for name in one["results"])
    groups = [(kind, i) for kind in found for i in range(len(SIZES))]
    titles = {"plain": "without TLS", "tls": "with TLS", "deflate": "compressed"}
    picture.bars(path, "Memory of the server for an idle connection", "less", "bytes", [f"{titles.get(kind, kind)}, after a message of {size(SIZES[i])}" for kind, i in groups],
                 series={name: [quartiles(sized(found[kind]["results"].get(name, []), i)) for kind, i in groups] for name in names})
