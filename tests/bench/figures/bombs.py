# SPDX-License-Identifier: Apache-2.0
"""What a connection feels beside peers whose messages inflate to a thousand times their size."""
from harness.bench import deflated
from harness.ratios import Hold, of, quartiles, told
from harness.report import table
from harness.servers import Server

TITLE = "A ping beside messages that inflate to much"
PEERS, SIZE = 20, 64 << 20


def run(bench):
    """{peers: [result of each round]}."""
    server = Server("libws", [str(bench.programs / "libws_bombs"), "{port}"], {"plain": []})
    (bench.scratch / f"bomb-{SIZE}").write_bytes(deflated(bytes(SIZE), 9))
    found = {}
    for peers in (1, 4, PEERS):
        found[peers] = [bench.measure(server, "bombs", connections=peers, size=SIZE, deflated=bench.scratch / "bomb",
                                      seconds=bench.seconds * 3, warm=bench.seconds) for _ in range(bench.rounds)]
        print(f"  {peers:3} peers: p99 {told(quartiles(waits(found[peers])))} ms", flush=True)
    return found


def waits(rounds):
    return [ms and ms / 1000 for ms in of(rounds, "p99")]


def holds(found):
    """Keys are text when they come from a file."""
    return [Hold(f"p99 of a ping beside {PEERS} peers with bombs", waits(found.get(PEERS) or found[str(PEERS)]), 20, "ms")]


def text(found):
    rows = [[peers, *(told(quartiles([us and us / 1000 for us in of(rounds, key)])) for key in ("p50", "p99", "p999"))] for peers, rounds in found.items()]
    return (f"Each peer sends compressed messages of {SIZE >> 20} MiB of zeros, 65 KB each, as fast as they are taken, with max_ratio -1; another "
            "connection of the same loop sends a ping, and the next one 2 ms after the pong. In ms.\n\n"
            + table(["peers", "p50", "p99", "p99.9"], rows))
