# SPDX-License-Identifier: Apache-2.0
"""Echo over TLS, compressed, and of large messages on many connections, each to a floor of its kind."""
from harness import picture
from harness.ratios import Hold, per, quartiles, rate, ratios, told
from harness.report import table

TITLE = "TLS, compression and large messages, to floors of their own"
# {kind: (its floor, servers, loads with the most that libws may cost)}; a load is CONNECTIONSxSIZExDEPTH.
KINDS = {
    "tls": ("floor, TLS", ("libws", "libws, queue", "uWebSockets", "Boost.Beast", "gws"), {"64x64x1": 1.15, "64x64x16": 1.15, "64x16384x1": 1.15}),
    "deflate": ("floor, deflate", ("libws", "uWebSockets", "libwebsockets, libuv", "Boost.Beast", "gws"), {"64x64x16": 1.2, "64x1024x1": 1.2, "64x1024x16": 1.2}),
    "takeover": ("floor, takeover", ("libws, takeover",), {"64x64x16": 1.2, "64x1024x1": 1.2, "64x1024x16": 1.2}),
    "large": ("floor", ("libws", "uWebSockets", "libwebsockets, libuv", "Boost.Beast", "gws"), {"64x1048576x1": 1.3, "64x16384x16": 1.1, "1x1048576x1": 0.9}),
}
LEVEL = 1.05  # with the fastest of the others, whatever the load
SPEAKS = {"takeover": "deflate", "large": "plain"}  # what the load client is asked for


def run(bench):
    """{kind: {load: {server: [result of each round]}}}."""
    found = {}
    for kind, (rod, servers, loads) in KINDS.items():
        speaks = SPEAKS.get(kind, kind)
        held = {rod, "libws", "libws, takeover", "uWebSockets"}
        found[kind] = {}
        for load in loads:
            connections, size, depth = map(int, load.split("x"))
            found[kind][load] = bench.in_turns(bench.able(speaks, (rod, *servers)), lambda server: bench.measure(
                server, "echo", speaks, connections=connections, size=size, depth=depth), held)
            for name, q in compared(kind, found[kind][load]).items():
                print(f"  {kind:9} {load:13} {name:18} {told(q)}", flush=True)
    return found


def costs(rounds):
    return [per(r) for r in rounds]


def compared(kind, results):
    """{server: quartiles of the ratio to the floor of its kind}."""
    rod = costs(results.get(KINDS[kind][0], []))
    return {name: quartiles(ratios(costs(rounds), rod)) for name, rounds in results.items()}


def holds(found):
    return [Hold(f"{TITLES[kind]}, {load}, {server} to {other}", ratios(costs(results[server]), costs(results[other])), limit)
            for kind, loads in found.items() for load, results in loads.items()
            for server in ("libws", "libws, takeover") for other, limit in ((KINDS[kind][0], KINDS[kind][2][load]), ("uWebSockets", LEVEL))
            if {server, other} <= set(results)]


def bytes_of(rounds):
    """Bytes of a reply with its head, as they come."""
    return [r["received"] / r["messages"] if r and r["messages"] else None for r in rounds]


def text(found):
    body = ("A load is connections x bytes x messages in flight on each. CPU of the server per message as a ratio to a floor of its kind: OpenSSL with full "
            "records and one write for all replies; libdeflate and zlib, level 1; zlib with both windows kept. Compressed messages are 16 that "
            "differ, in turn; beside them the bytes of a reply. A message below min_size goes as it is, so at 64 bytes libws without takeover "
            "does less work than its floor, and sends more.\n")
    for kind, loads in found.items():
        packed = SPEAKS.get(kind, kind) == "deflate"
        rows = [[load, name, told(compared(kind, results)[name]), told(quartiles(costs(rounds)), 1), told(quartiles([rate(r) for r in rounds]), 0)]
                + ([told(quartiles(bytes_of(rounds)), 0)] if packed else [])
                for load, results in loads.items() for name, rounds in results.items()]
        body += f"\n### {kind}\n\n" + table(["load", "server", "to the floor", "us", "messages/s"] + (["bytes"] if packed else []), rows)
    return body


TITLES = {"tls": "with TLS", "deflate": "compressed", "takeover": "compressed, with takeover", "large": "large messages"}


def draw(found, path):
    rows = [(kind, load) for kind, loads in found.items() for load in loads]

    def ours(kind, load):
        return compared(kind, found[kind][load]).get("libws, takeover" if kind == "takeover" else "libws")

    picture.bars(path, "CPU time of the server for a message that it echoes, beside the least possible", "less", "x",
                 [f"{TITLES[kind]}: {load}" for kind, load in rows],
                 {"a floor of its kind": [compared(kind, found[kind][load]).get(KINDS[kind][0]) for kind, load in rows],
               "libws": [ours(kind, load) for kind, load in rows]})
