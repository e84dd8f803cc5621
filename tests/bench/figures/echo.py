# SPDX-License-Identifier: Apache-2.0
"""Server CPU per echoed message, plain, over TLS and compressed."""
from harness.ratios import per, quartiles, rate, ratios, told, verdict
from harness.report import table

TITLE = "Echo: CPU of the server per message"
DEFLATE = {1024}

# What a plain median must be at most: (load, server, to which), ratio.
HOLDS = [
    ("64x64x1", "libws", "floor", 1.05), ("64x64x16", "libws", "floor", 1.10),
    ("64x16384x1", "libws", "floor", 1.05), ("1x64x1", "libws", "floor", 1.10),
    ("64x64x1", "libws", "libwebsockets", 0.9), ("64x64x1", "libws", "Boost.Beast", 0.6),
    *(("64x64x1", "libws", other, 0.7) for other in ("gws", "gorilla", "coder")),
    *(("64x64x16", "libws", other, 0.15) for other in ("gws", "gorilla", "coder")),
    ("64x64x1", "libws, 2 loops", "libws", 1.15),
]


def loads(bench):
    """(kind, CONNECTIONSxBYTESxDEPTH)."""
    if bench.quick:
        return [("plain", load) for load in ("64x64x1", "64x64x16", "64x16384x1", "1x64x1")] + [("tls", "64x64x1"), ("deflate", "64x1024x1")]
    sizes, found = (16, 64, 1024, 16384, 1 << 20), []
    for kind in ("plain", "tls", "deflate"):
        for connections in (1, 64, 10000):
            for size in sizes:
                for depth in (1, 16):
                    # 10,000 connections with large messages are a test of the machine's memory.
                    if connections * size * depth <= 256 << 20 and (kind != "deflate" or size in DEFLATE):
                        found.append((kind, f"{connections}x{size}x{depth}"))
    return found


def rod_of(results):
    """Floor where it can, else ours, else who comes first."""
    return next(name for name in ("floor", "libws", *results) if name in results)


def run(bench):
    found = []
    for kind, load in loads(bench):
        connections, size, depth = map(int, load.split("x"))
        if connections > bench.descriptors - 300:
            continue
        names = bench.able(kind)
        if names:
            results = bench.in_turns(names, lambda server: bench.measure(
                server, "echo", kind, connections=connections, size=size, depth=depth))
            found.append({"kind": kind, "load": load, "results": results})
            show(found[-1])
    return found


def show(one):
    rod = rod_of(one["results"])
    base = [per(r, "messages") for r in one["results"][rod]]
    for name, rounds in one["results"].items():
        values = [per(r, "messages") for r in rounds]
        print(f"  {one['kind']:8} {one['load']:12} {name:18} {told(quartiles(values)):>20} us  x {rod}: {told(quartiles(ratios(values, base)))}", flush=True)


def compared(found, kind):
    """{load: {server: quartiles of the ratio to the rod}}."""
    compared = {}
    for one in found:
        if one["kind"] == kind:
            base = [per(r, "messages") for r in one["results"][rod_of(one["results"])]]
            compared[one["load"]] = {name: quartiles(ratios([per(r, "messages") for r in rounds], base))
                                     for name, rounds in one["results"].items()}
    return compared


def holds(found):
    rows = []
    plain = {one["load"]: one["results"] for one in found if one["kind"] == "plain"}
    for load, server, other, hold in HOLDS:
        if load in plain and server in plain[load] and other in plain[load]:
            values = [[per(r, "messages") for r in plain[load][name]] for name in (server, other)]
            q = quartiles(ratios(*values))
            rows.append([load, server, other, told(q), f"<= {hold:.2f}", verdict(q, hold)])
    return rows


def text(found):
    body = "A load is connections x bytes x messages in flight on each. Ratios are to the first column.\n"
    for kind in ("plain", "tls", "deflate"):
        loads = compared(found, kind)
        if not loads:
            continue
        names = list(dict.fromkeys(name for values in loads.values() for name in values))
        rows = [[load] + [told(values.get(name)) for name in names] for load, values in loads.items()]
        body += f"\n### {kind}\n\n" + table(["load"] + names, rows)
    body += "\n### Rates and latencies\n\nMedians of messages a second; median and p99 of the time of a round trip in us.\n\n"
    rows = [[one["kind"], one["load"], name, told(quartiles([rate(r) for r in rounds]), 0), *middle(rounds)]
            for one in found for name, rounds in one["results"].items()]
    body += table(["kind", "load", "server", "messages/s", "p50", "p99"], rows)
    return body + "\n### What is held\n\n" + table(["load", "server", "against", "ratio", "hold", ""], holds(found))


def middle(rounds):
    for key in ("p50", "p99"):
        q = quartiles([r[key] if r else None for r in rounds])
        yield "-" if q is None else f"{q[1]:.0f}"


def draw(found, path):
    from harness import plot  # wants matplotlib

    loads = compared(found, "plain")
    picked = [load for load in ("64x64x1", "64x64x16", "64x16384x1", "1x64x1") if load in loads] or list(loads)
    names = dict.fromkeys(name for load in picked for name in loads[load])
    plot.bars(path, "CPU of the server per message, floor = 1", "ratio (logarithmic)", picked,
              {name: [loads[load].get(name) for load in picked] for name in names}, logarithmic=True)
