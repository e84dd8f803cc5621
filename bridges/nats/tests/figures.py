#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the bridge costs: CPU for each message and process, and how much later messages arrive.

    figures.py MEMBER [CLIENTS [RATE [SECONDS [PROCESSES...]]]]

CLIENTS (10,000, or as many as one process has descriptors for) in 1, 2, 4 and 8 processes over one NATS server, RATE
(1,000) messages of 100 bytes a second in all, each to the clients of one of 50 topics. CPU is that of all processes,
which have the clients in them, and apart that of NATS; "alone" is one process without a bridge. Each row twice, in
turns; the lower one counts.
"""

import json
import os
import resource
import sys

from processes import Member, nodes, until

arguments = sys.argv[2:]

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
CLIENTS, RATE, SECONDS = [int(a) for a in arguments[:3]] + [min(10000, (hard - 1500) // 400 * 200), 1000, 8][
    len(arguments) :
]
TOPICS = 50


def ticks(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(them):
    for m in them:
        m.tell("measured")
    return [json.loads(m.answer()) for m in them]


def row(processes, alone=False):
    with nodes(1) as nats:
        them = [Member(i, "none" if alone else nats[0].url) for i in range(processes)]
        try:
            for m in them:
                m.tell(f"clients {CLIENTS // processes} {TOPICS} 1")
            for m in them:
                assert m.answer() == "ok"
            measured(them)
            before = ticks(nats[0].process.pid)
            for m in them:
                m.tell(f"rate {RATE // processes} {TOPICS} {SECONDS}")
            for m in them:
                assert m.answer() == "ok"
            want = RATE // processes * processes * SECONDS * CLIENTS // TOPICS
            until("all came", lambda: sum(m.figures()["timed"] for m in them) >= want)
            found = measured(them)
            server = ticks(nats[0].process.pid) - before
            for m in them:
                m.end()
        finally:
            for m in them:
                if m.process.poll() is None:
                    m.kill()
    delivered = sum(f["own"] + f["others"] for f in found)
    assert delivered == want, (delivered, want)
    cpu = sum(f["cpu_s"] for f in found)
    late = max if processes > 1 else min
    return {
        "cpu": cpu * 1e6 / delivered,
        "process": cpu * 1e6 / processes / (RATE * SECONDS),
        "nats": server * 1e6 / (RATE * SECONDS),
        "own50": late(f["own_p50_ms"] for f in found),
        "own99": late(f["own_p99_ms"] for f in found),
        "other50": late(f["others_p50_ms"] for f in found),
        "other99": late(f["others_p99_ms"] for f in found),
        "delivered": delivered,
    }


rows = [("alone", 1, True), ("1", 1, False), ("2", 2, False), ("4", 4, False), ("8", 8, False)]
rows = [r for r in rows if r[0] in (arguments[3:] or [r[0]])]
best = {}
for turn in range(2):
    for name, processes, alone in rows:
        found = row(processes, alone)
        best[name] = {k: min(v, best.get(name, found)[k]) for k, v in found.items()}
print(f"{CLIENTS} clients, {RATE} messages of 100 bytes a second, each to {CLIENTS // TOPICS} of them, for {SECONDS} s")
print("processes  CPU us/delivery  CPU us/message and process  NATS us/message  own p50/p99 ms  others p50/p99 ms")
for name, *_ in rows:
    b = best[name]
    print(
        f"{name:>9}  {b['cpu']:15.2f}  {b['process']:26.0f}  {b['nats']:15.0f}  {b['own50']:6.2f} / {b['own99']:5.2f}"
        + (f"  {b['other50']:8.2f} / {b['other99']:5.2f}" if name not in ("alone", "1") else "")
    )
