# SPDX-License-Identifier: Apache-2.0
"""A client as fast as it goes: receiving through a callback and a queue, sending from a thread of the host."""
from harness import picture
from harness.ratios import Hold, per, quartiles, rate, ratios, told
from harness.report import table
from harness.words import size

TITLE = "Client: rates of receiving and sending"
SIZES = (64, 1024)
WAYS = {"receive": ("bare", "callback", "queue"), "flood": ("bare", "library")}
HELD = ("receive", SIZES[0])
QUEUE = 3  # the most that a queue may cost, of a callback, with the smallest messages


def run(bench):
    """[{what, size, results: {way: [result of each round]}}]."""
    found = []
    for what, ways in WAYS.items():
        for size in SIZES:
            rounds = {way: [] for way in ways}
            for _ in range(bench.rounds if (what, size) == HELD else bench.few):
                for way in ways:
                    peer = ("flood", str(size)) if what == "receive" else ("sink",)
                    rounds[way].append(bench.client(peer, what, way, size))
            found.append({"what": what, "size": size, "results": rounds})
            for way in ways:
                print(f"  {what} {size:5} {way:9} {told(quartiles([rate(r) for r in rounds[way]]), 0)} /s", flush=True)
    return found


def costs(rounds):
    return [per(r) for r in rounds]


def holds(found):
    return [Hold(f"a client receives {one['size']} bytes, queue to callback", ratios(costs(one["results"]["queue"]), costs(one["results"]["callback"])), QUEUE)
            for one in found if (one["what"], one["size"]) == HELD]


def text(found):
    body = ("A peer in C sends, or reads, as fast as it can over one connection. CPU is that of the client's whole process. Bare receiving is `recv` "
            "and the frames' heads, bare sending a blocking `send` for each message. What `ws_send` finds queued goes to the kernel with its "
            "neighbours, many in one call.\n\n")
    rows = [["send" if one["what"] == "flood" else one["what"], one["size"], way, told(quartiles([rate(r) for r in rounds]), 0),
             told(quartiles(costs(rounds)), 3), told(quartiles(ratios(costs(rounds), costs(one["results"]["bare"]))))]
            for one in found for way, rounds in one["results"].items()]
    return body + table(["what", "bytes", "way", "messages/s", "CPU us for each", "x bare"], rows)


def draw(found, path):
    ways = dict.fromkeys(way for one in found for way in one["results"])
    picture.bars(path, "A client as fast as it goes: messages a second", "more", "", [f"{'send' if one['what'] == 'flood' else one['what']}, {size(one['size'])}" for one in found],
                 {way: [quartiles([rate(r) for r in one["results"].get(way, [])]) for one in found] for way in ways})
