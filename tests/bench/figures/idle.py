# SPDX-License-Identifier: Apache-2.0
"""What a connection costs that does nothing: resident memory."""
import subprocess

from harness.ratios import quartiles, told, verdict
from harness.report import table

TITLE = "Memory of an idle connection"
FEW, SIZES = 100, (64, 65536)
HOLDS = {"plain": 400, "tls": 9000}


def resident(bench, server, kind, connections, size):
    """Bytes with so many connections, after one echo on each."""
    with bench.start(server, kind) as running:
        client = subprocess.Popen(bench.arguments("idle", running, kind, connections=connections, size=size),
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            client.stdout.readline()
            print("echo", file=client.stdin, flush=True)
            return running.resident() if client.stdout.readline() == "done\n" else None
        finally:
            client.kill()
            client.wait()
            client.stdin.close()
            client.stdout.close()


def each(bench, server, kind, many, size):
    few, most = (resident(bench, server, kind, n, size) for n in (FEW, many))
    if few is None or most is None:
        bench.fail(f"{server.name}, {kind}: idle connections of {size} bytes")
        return None
    return (most - few) / (many - FEW)


def run(bench):
    many = min(1000 if bench.quick else 10000, bench.descriptors - 300)
    found = []
    for kind in ("plain", "tls", "deflate"):
        for size in SIZES[:1] if bench.quick else SIZES:
            results = bench.in_turns(bench.able(kind), lambda server: each(bench, server, kind, many, size))
            found.append({"kind": kind, "size": size, "many": many, "results": results})
            for name, rounds in results.items():
                print(f"  {kind:8} {size:6} {name:18} {told(quartiles(rounds), 0)} bytes", flush=True)
    return found


def text(found):
    body = f"Resident memory of the server with many connections less that with {FEW}, for each, after one echo on each. Bytes.\n\n"
    rows = []
    for one in found:
        for name, rounds in one["results"].items():
            hold = HOLDS.get(one["kind"]) if name == "libws" else None
            rows.append([one["kind"], one["size"], one["many"], name, told(quartiles(rounds), 0),
                         f"<= {hold}: {verdict(quartiles(rounds), hold)}" if hold else ""])
    return body + table(["kind", "message", "connections", "server", "bytes for each", "hold"], rows)


def draw(found, path):
    from harness import plot  # wants matplotlib

    names = dict.fromkeys(name for one in found for name in one["results"])
    plot.bars(path, "Resident memory of an idle connection", "bytes (logarithmic)", [f"{one['kind']}, {one['size']} B" for one in found],
              {name: [quartiles(one["results"].get(name, [])) for one in found] for name in names}, logarithmic=True)
