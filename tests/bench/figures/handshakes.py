# SPDX-License-Identifier: Apache-2.0
"""What a new connection costs."""
from harness import picture
from harness.ratios import Hold, per, quartiles, rate, ratios, told
from harness.report import table

TITLE = "Handshakes"
SERVERS = ("floor", "libws", "uWebSockets", "libwebsockets", "Boost.Beast", "gws", "gorilla", "npm ws")
# (title, kind, options of the load client)
WAYS = [("plain", "plain", {}), ("TLS, new", "tls", {}), ("TLS, resumed", "tls", {"resume": True})]
HELD = ("libws", "gws")  # which has the same crypto/tls
MOST = 1.02  # of gws, with TLS


def run(bench):
    """{title: {server: [result of each round]}}."""
    found = {}
    for title, kind, options in WAYS:
        found[title] = bench.in_turns(bench.able(kind, SERVERS), lambda server: bench.measure(
            server, "handshakes", kind, seconds=bench.seconds * 0.7, **options), HELD if kind == "tls" else ())
        for name, rounds in found[title].items():
            print(f"  {title:14} {name:18} {told(quartiles([per(r, 'handshakes') for r in rounds]), 0)} us", flush=True)
    return found


def costs(rounds):
    return [per(r, "handshakes") for r in rounds]


def holds(found):
    return [Hold(f"handshake, {title}, libws to gws", ratios(costs(found[title]["libws"]), costs(found[title]["gws"])), MOST)
            for title, kind, _ in WAYS if kind == "tls" and set(HELD) <= set(found.get(title, {}))]


def text(found):
    body = "TCP, TLS 1.3 and upgrade, then the client aborts; eight at once. The key is ECDSA P-256.\n"
    for title, results in found.items():
        rows = [[name, told(quartiles(costs(rounds)), 1), told(quartiles([rate(r, "handshakes") for r in rounds]), 0)]
                for name, rounds in results.items()]
        body += f"\n### {title}\n\n" + table(["server", "CPU us of the server for each", "handshakes/s"], rows)
    return body


TITLES = {"plain": "without TLS", "TLS, new": "TLS, a full handshake", "TLS, resumed": "TLS, a session that is resumed"}


def draw(found, path):
    names = dict.fromkeys(name for results in found.values() for name in results)
    picture.bars(path, "CPU time of the server for a new connection", "less", "µs", [TITLES.get(kind, kind) for kind in found], series={
        name: [quartiles(costs(results.get(name, []))) for results in found.values()] for name in names})
