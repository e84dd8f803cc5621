#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Processes that have joined over NATS, and what becomes of their messages when something fails.

    cluster.py MEMBER [NAME...]

MEMBER is the program of member.c. Without NAME all of the tests below run. It prints what was counted in each.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

from processes import CLIENTS, EACH, TOPICS, Member, Nats, members, nodes, until


def publish_all(them, rounds, ms=1):
    for m in them:
        m.tell(f"publish {rounds} {TOPICS} {ms}")
    for m in them:
        assert m.answer() == "ok"


def quiet(them):
    """Waits until everything is confirmed and nothing more arrives."""

    def still():
        before = [m.figures() for m in them]
        time.sleep(0.5)
        after = [m.figures() for m in them]
        return before == after and not any(f["unconfirmed"] for f in after) and after

    return until("nothing moves", still)


def tell(name, figures):
    for i, f in enumerate(figures):
        print(f"  {name} {i}: " + ", ".join(f"{k} {v}" for k, v in f.items() if v), flush=True)


def all_is_well():
    """3 processes, 3 nodes: 300 clients each, 50 topics: none lost, doubled or out of order."""
    with nodes(3) as nats, members([n.url for n in nats]) as them:
        publish_all(them, 200)
        want = 200 * 3 * CLIENTS * EACH
        until("all have all", lambda: all(m.figures()["received"] >= want for m in them))
        figures = quiet(them)
        for f in figures:
            assert (
                f["received"] == want and not f["missing"] and not f["wrong"] and not f["in_lost"] and not f["out_lost"]
            ), f
            assert f["in"] == 2 * 200 * TOPICS + 2, f  # and the broadcast of each other
        tell("process", figures)


def a_node_is_killed():
    """Its process goes to another node, and what it missed and lost adds up."""
    with nodes(3) as nats, members([",".join(n.url for n in nats)] * 3) as them:
        publish_all(them, 20)
        for m in them:
            m.tell(f"publish 400 {TOPICS} 5")
        time.sleep(0.5)
        nats[0].end(signal.SIGKILL)
        for m in them:
            assert m.answer() == "ok"
        nats[0].start()
        until("all are connected", lambda: all(m.figures()["connected"] for m in them))
        publish_all(them, 5)
        figures = quiet(them)
        tell("process", figures)
        assert all(not f["wrong"] for f in figures)
        assert (
            sum(f["disconnected"] for f in figures) >= 1
        ), "the killed node had a client: three have three nodes, chosen at random"
        check_sums(figures)


def check_sums(figures):
    """Of everything that somebody published each other process got it or counts it as lost, and what a receiver
    misses and the publisher does not is what was on the way at a loss, of either."""
    published = sum(f["out"] + f["out_lost"] for f in figures)
    for f in figures:
        mine = f["out"] + f["out_lost"]
        assert f["in"] + f["in_lost"] <= published - mine, f
        assert (
            f["told_lost_in"] == f["in_lost"]
            and f["told_lost_out"] == f["out_lost"]
            and f["told_unsure"] == f["unsure"]
        ), f
        # Each topic's last messages came behind the fault: so every gap is seen. Broadcasts of settle are topics, too.
        assert f["in"] + f["in_lost"] >= published - mine - 2 * len(figures), (f, published, mine)


def a_process_is_killed():
    """The others go on, and count nothing that is not so."""
    with nodes(1) as nats, members([nats[0].url] * 3) as them:
        for m in them:
            m.tell(f"publish 200 {TOPICS} 5")
        time.sleep(0.3)
        them[2].kill()
        for m in them[:2]:
            assert m.answer() == "ok"
        figures = quiet(them[:2])
        tell("process", figures)
        for f in figures:
            assert not f["wrong"] and not f["missing"] and not f["in_lost"] and not f["disconnected"], f
        them[2] = Member(2, nats[0].url)
        them[2].do(f"publish 3 {TOPICS} 0")
        until("the new one is seen", lambda: all(m.figures()["others"] == 3 for m in them[:2]))  # it is another one


def a_process_is_slow():
    """Its clients' callbacks wait; the others do not, and it gets everything in the end."""
    with nodes(1) as nats, members([nats[0].url] * 3) as them:
        them[2].do("read 1")
        publish_all(them[:2], 20)
        want = 20 * 2 * CLIENTS * EACH
        until("those that are not slow have all", lambda: all(m.figures()["received"] == want for m in them[:2]))
        them[2].do("read 0")
        until("the slow one, too", lambda: them[2].figures()["received"] == want)
        figures = quiet(them)
        tell("process", figures)
        assert not any(f["missing"] or f["wrong"] or f["in_lost"] for f in figures)


def a_process_stands_still():
    """NATS cuts off who does not read; it comes back and counts what it missed."""
    with nodes(1, "max_payload: 8192\nmax_pending: 65536\n") as nats, members([nats[0].url] * 2, crowd=False) as them:
        for m in them:
            m.do(f"clients 1 {TOPICS} {TOPICS}")
        publish_all(them, 5)
        quiet(them)
        them[1].process.send_signal(signal.SIGSTOP)
        try:
            until("it is cut off", lambda: them[0].do(f"publish 500 {TOPICS} 1") or "Slow Consumer" in nats[0].said())
        finally:
            them[1].process.send_signal(signal.SIGCONT)
        until("it was cut off, and is there", lambda: (f := them[1].figures())["disconnected"] and f["connected"])
        quiet(them)  # the publisher was stalled, too
        publish_all(them, 5)
        figures = quiet(them)
        tell("process", figures)
        check_sums(figures)
        assert figures[1]["in_lost"] and not any(f["wrong"] for f in figures)


def a_hundred_thousand_topics():
    with nodes(1) as nats, members([nats[0].url] * 2, crowd=False) as them:
        begin = time.monotonic()
        them[1].do("topics 100000")
        print(f"  subscribed in {time.monotonic() - begin:.1f} s", flush=True)
        them[0].do("many 100000 10")
        until("all are there", lambda: them[1].figures()["many"] >= 10000)
        nats[0].end(signal.SIGKILL)
        until("it is gone", lambda: not any(m.figures()["connected"] for m in them))
        nats[0].start()
        until("it is back", lambda: all(m.figures()["connected"] for m in them))
        before = them[1].figures()["many"]
        until(
            "subscriptions are renewed",
            lambda: them[0].do("many 100000 1000") or them[1].figures()["many"] >= before + 100,
        )
        figures = quiet(them)
        tell("process", figures)
        assert figures[1]["subscriptions"] == 100002 and not figures[1]["foreign"]


def a_partition():
    """Two namespaces, a node and a process in each; the link between them is cut and mended."""
    names = [f"wsn{os.getpid()}{i}" for i in range(2)]

    def ip(*words):
        subprocess.run(["ip", *words], check=True)

    try:
        for i, name in enumerate(names):
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip(
            "link",
            "add",
            "a" + names[0],
            "netns",
            names[0],
            "type",
            "veth",
            "peer",
            "name",
            "a" + names[1],
            "netns",
            names[1],
        )
        hosts = ["10.77.0.1", "10.77.0.2"]
        for name, host in zip(names, hosts):
            ip("-n", name, "addr", "add", host + "/24", "dev", "a" + name)
            ip("-n", name, "link", "set", "a" + name, "up")
        with tempfile.TemporaryDirectory() as directory:
            routes = [f"nats://{h}:6222" for h in hosts]
            nats = [
                Nats(
                    directory,
                    f"n{i}",
                    port=4222,
                    route=6222,
                    routes=routes,
                    netns=names[i],
                    host=hosts[i],
                    conf="ping_interval: 1s\nping_max: 1\n",
                )
                for i in range(2)
            ]
            try:
                for node in nats:
                    until("nodes know each other", lambda node=node: "Route connection created" in node.said())
                with members([n.url for n in nats], netns=names) as them:
                    publish_all(them, 5)
                    quiet(them)
                    closed = [node.said().count("Router connection closed") for node in nats]  # of duplicates
                    ip("-n", names[0], "link", "set", "a" + names[0], "down")

                    def parted():
                        publish_all(them, 1)
                        return all(node.said().count("Router connection closed") > n for node, n in zip(nats, closed))

                    until("the nodes know that they are parted", parted)
                    publish_all(them, 50)
                    figures = [m.figures() for m in them]
                    assert all(f["connected"] for f in figures)  # each has its node
                    ip("-n", names[0], "link", "set", "a" + names[0], "up")
                    before = [f["in"] for f in figures]
                    until(
                        "they are together again",
                        lambda: publish_all(them, 1)
                        or all(m.figures()["in"] > b + TOPICS for m, b in zip(them, before)),
                    )
                    publish_all(them, 1)
                    figures = quiet(them)
                    tell("process", figures)
                    check_sums(figures)
                    assert all(f["in_lost"] for f in figures) and not any(f["wrong"] for f in figures)
            finally:
                for node in nats:
                    node.end(signal.SIGKILL)
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


def who_is_there():
    """10,000 members by three processes, of which one is killed."""
    with nodes(1) as nats, members([nats[0].url] * 3, crowd=False) as them:
        for m, n in zip(them, [3333, 3333, 3334]):
            m.do(f"enter {n}")

        def count(m):
            m.tell("members")
            return int(m.answer())

        until("all know all", lambda: all(count(m) == 10000 for m in them))
        them[2].kill()
        begin = time.monotonic()
        until("they have gone", lambda: all(count(m) == 6666 for m in them[:2]))
        print(f"  of the killed process nobody is left after {time.monotonic() - begin:.1f} s", flush=True)
        them[1].end()
        until("and who leaves goes at once", lambda: count(them[0]) == 3333)


def credentials():
    """A server that knows an nkey, and one with operator, account and JWTs: with them, and without."""
    with tempfile.TemporaryDirectory() as directory:
        here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "credentials")
        subprocess.run(["go", "run", ".", directory], cwd=here, check=True)
        for how in ["nkey", "creds"]:
            with open(f"{directory}/{how}.conf", encoding="utf-8") as file:
                nats = Nats(directory, how + "-server", conf=file.read())
            try:
                a, b = [Member(i, f"{nats.url} {how} {directory}") for i in range(2)]
                b.do("topics 10")
                a.do("many 10 1")
                until(f"{how}: it arrives", lambda b=b: b.figures()["many"] >= 10)
                a.end()
                b.end()
                stranger = Member(2, nats.url, waits=False)
                until("who has none is refused", lambda nats=nats: "authentication error" in nats.said())
                stranger.kill()
            finally:
                nats.end()


def history_outlives_a_node():
    """A stream on three nodes, of which each is killed once: positions are good everywhere, and nothing is missing."""
    with tempfile.TemporaryDirectory() as store, nodes(3, f"jetstream: {{ store_dir: {store}/$NAME }}") as nats:
        urls = ",".join(n.url for n in nats)
        them = [Member(i, f"{urls} history") for i in range(2)]

        def replay(m, position):
            def done():
                m.tell(f"replay {position}")
                said = m.answer().split()
                return said[0] != "error" and said

            return until("the stream answers", done)

        begin, _ = replay(them[0], "none")
        position, kept = begin, 0
        for number, node in enumerate(nats):
            them[number % 2].do("keep 20")
            kept += 20
            until("all are kept", lambda n=kept: replay(them[1], begin)[1] == str(n))
            position, missed = replay(them[0], position)
            assert missed == "20", missed
            node.end(signal.SIGKILL)
            assert replay(them[1], begin)[1] == str(kept)
            assert replay(them[0], position) == [position, "0"]
            node.start()
        for m in them:
            m.end()


TESTS = [
    all_is_well,
    a_node_is_killed,
    a_process_is_killed,
    a_process_is_slow,
    a_process_stands_still,
    a_hundred_thousand_topics,
    a_partition,
    who_is_there,
    credentials,
    history_outlives_a_node,
]

for test in TESTS:
    if len(sys.argv) > 2 and test.__name__ not in sys.argv[2:]:
        continue
    started = time.monotonic()
    print(test.__name__, flush=True)
    test()
    print(f"  passed, {time.monotonic() - started:.1f} s", flush=True)
