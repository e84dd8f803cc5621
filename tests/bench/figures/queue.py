# SPDX-License-Identifier: Apache-2.0
"""What an event of a queue costs: when many wait, and when the host sleeps."""
from harness.ratios import Hold, of, quartiles, told
from harness.report import table

TITLE = "Events through a queue"
SIZE = 64
DRAIN, WAKE = ("dispatch", "poll"), ("dispatch", "poll", "descriptor")


def run(bench):
    """{drain: {way: rounds}, wake: {way: rounds}}."""
    found = {"drain": {way: [] for way in DRAIN}, "wake": {way: [] for way in WAKE}}
    for _ in range(bench.rounds):
        for what, peer in (("drain", "flood"), ("wake", "pace")):
            for way, rounds in found[what].items():
                rounds.append(bench.client((peer, str(SIZE)), what, way, SIZE, bench.seconds * 0.6))
    for way, rounds in found["drain"].items():
        print(f"  drain {way}: {told(quartiles(of(rounds, 'event_ns')), 0)} ns", flush=True)
    for way, rounds in found["wake"].items():
        print(f"  wake {way}: {told(quartiles(sleeps(rounds)))}", flush=True)
    return found


def sleeps(rounds, key="switches"):
    """How often somebody slept, for each time that the host found events."""
    return [r[key] / r["finds"] if r and r["finds"] else None for r in rounds]


def holds(found):
    return ([Hold(f"queue, an event by ws_queue_{way}, 64 a call", of(found["drain"][way], "event_ns"), 80, "ns", 0) for way in DRAIN]
            + [Hold(f"queue, wake-ups of a sleeping host until it has its event, {way}", sleeps(found["wake"][way]), 1.05, "", 2) for way in WAKE])


def text(found):
    body = ("Events wait in the queue of a client, of messages of 64 bytes, and are taken 64 a call; the median call, by 64. The listener counts.\n\n")
    body += table(["by", "ns an event"], [[f"ws_queue_{way}", told(quartiles(of(rounds, "event_ns")), 1)] for way, rounds in found["drain"].items()])
    body += ("\nA message each millisecond to a host that sleeps: how often its thread slept (voluntary context switches), and how often all threads "
             "of the process did (the loop's must, too), for each time that it found events. \"descriptor\" is `poll` on `ws_queue_fd`, then "
             "`ws_queue_dispatch` without a wait. The target, one, has a twentieth of room for what else makes a thread wait.\n\n")
    return body + table(["by", "sleeps of the host's thread", "sleeps of all threads", "events found at once"], [
        [way, told(quartiles(sleeps(rounds))), told(quartiles(sleeps(rounds, "all_switches"))), told(quartiles(sleeps(rounds, "messages")))]
        for way, rounds in found["wake"].items()])
