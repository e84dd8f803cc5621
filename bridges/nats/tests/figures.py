#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a cluster costs, and beside it the same job done by Centrifugo, in turns: CLIENTS in a process of their own, spread
over PROCESSES servers and 50 topics; RATE messages of 100 bytes a second in all, each published by a client of one of the
servers.

    figures.py HUB LOAD [--centrifugo PROGRAM] [--ways WAY,...] [--clients N,...] [--rate N] [--seconds S] [--rounds N]
               [--topics N] [--processes N,...]

HUB: of hub.c; LOAD: the load client of tests/bench. PROGRAM: Centrifugo 6 (go install
github.com/centrifugal/centrifugo/v6@latest); without it libws alone is measured. WAY: alone (one process, no bridge),
libws, centrifugo-nats, centrifugo-redis. CPU is that of the servers, and apart that of the engine between them. The medians
of the rounds are told. With several numbers of clients there are two figures more, by least squares: what a message
costs each process, and what each delivery costs beside that.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from processes import free_port, nodes, until, with_parent

words = argparse.ArgumentParser()
words.add_argument("hub")
words.add_argument("load")
words.add_argument("--centrifugo")
words.add_argument("--clients", default="10000")
words.add_argument("--rate", type=int, default=1000)
words.add_argument("--seconds", type=int, default=8)
words.add_argument("--rounds", type=int, default=3)
words.add_argument("--topics", type=int, default=50)
words.add_argument("--processes", default="1,2,4,8")
words.add_argument("--ways", default="alone,libws,centrifugo-nats,centrifugo-redis")
settings = words.parse_args()


@contextlib.contextmanager
def running(*command, **more):
    process = subprocess.Popen(command, preexec_fn=with_parent, text=True, **more)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def redis():
    port = free_port()
    with running(
        shutil.which("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", stdout=subprocess.PIPE
    ) as server:
        while "Ready to accept" not in server.stdout.readline():
            pass
        yield server, f"redis://127.0.0.1:{port}"


@contextlib.contextmanager
def hub(url):
    with running(settings.hub, url, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        yield server, int(server.stdout.readline())


@contextlib.contextmanager
def centrifugo(engine, url):
    """Clients may do all, by JSON; no heartbeats, as libws has none unless asked."""
    port = free_port()
    broker = {"enabled": True, "type": "nats", "nats": {"url": url}}
    common = {"enabled": True, "type": "redis", "redis": {"address": url}}
    config = {
        "http_server": {"address": "127.0.0.1", "port": port},
        "log": {"level": "error"},
        "websocket": {"handler_prefix": "/"},
        "health": {"enabled": True},
        "client": {
            "insecure": True,
            "allowed_origins": ["*"],
            "ping_interval": "10m",
            "pong_timeout": "1m",
            "connection_limit": 0,
        },
        **({"broker": broker} if engine == "nats" else {"engine": common}),
    }
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/config.json", "w", encoding="utf-8") as file:
            json.dump(config, file)
        with running(settings.centrifugo, "--config", f"{directory}/config.json") as server:
            until("centrifugo listens", lambda: listens(port, server))
            yield server, port


def listens(port, server):
    assert server.poll() is None, "centrifugo has ended"
    with open("/proc/net/tcp", encoding="utf-8") as file:
        return any(line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A" for line in file.readlines()[1:])


def measured(way, processes, clients):
    kind, _, engine = way.partition("-")
    with contextlib.ExitStack() as all_of_them:
        if engine == "redis":
            behind, url = all_of_them.enter_context(redis())
        else:
            node = all_of_them.enter_context(nodes(1))[0]
            behind, url = node.process, node.url

        def server():
            return centrifugo(engine, url) if engine else hub("none" if kind == "alone" else url)

        servers = [all_of_them.enter_context(server()) for _ in range(processes)]
        each = processes * settings.topics
        found = subprocess.run(
            [
                settings.load,
                "crowd",
                "--ports",
                ",".join(str(port) for _, port in servers),
                "--pids",
                ",".join(str(s.pid) for s in [*(server for server, _ in servers), behind]),
                "--connections",
                str(clients // each * each),
                "--topics",
                str(settings.topics),
                "--rate",
                str(settings.rate),
                "--size",
                "100",
                "--warm",
                "2",
                "--seconds",
                str(settings.seconds),
                "--way",
                kind,
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return json.loads(found.stdout)


ways = [w for w in settings.ways.split(",") if settings.centrifugo or not w.startswith("centrifugo")]
crowds = [int(n) for n in settings.clients.split(",")]
found = {}
for turn in range(settings.rounds):
    for processes in map(int, settings.processes.split(",")):
        for clients in crowds:
            for way in ways:
                if way == "alone" and processes > 1:
                    continue
                try:
                    one = measured(way, processes, clients)
                except subprocess.CalledProcessError as e:
                    print(f"{way}, {processes}: {e}", file=sys.stderr)
                    continue
                told = {"way": way, "processes": processes, "clients": clients, "load": os.getloadavg()[0], **one}
                print(json.dumps(told), file=sys.stderr)
                found.setdefault((way, processes, clients), []).append(one)

print(f"{settings.rate} messages of 100 bytes a second for {settings.seconds} s, {settings.rounds} rounds in turns")
print("way               processes  clients of  servers us/delivery  engine us/message  own p50/p99 ms  others p50/p99 ms")
for (way, processes, clients), rounds in found.items():

    def middle(value, rounds=rounds):
        return statistics.median(map(value, rounds))

    print(
        f"{way:<16}  {processes:>9}  {clients:>7} {clients // settings.topics:>3}"
        f"  {middle(lambda r: 1e6 * sum(r['cpu'][:-1]) / r['deliveries']):19.2f}"
        f"  {middle(lambda r: 1e6 * r['cpu'][-1] / r['messages']):17.0f}"
        f"  {middle(lambda r: r['own'][0] / 1000):5.2f} / {middle(lambda r: r['own'][1] / 1000):6.2f}"
        f"  {middle(lambda r: r['others'][0] / 1000):8.2f} / {middle(lambda r: r['others'][1] / 1000):6.2f}"
    )
if len(crowds) > 1:
    print("way               processes  us/message and process  us/delivery beside that")
for way, processes in dict.fromkeys((w, p) for w, p, _ in found) if len(crowds) > 1 else ():
    points = [
        (clients // settings.topics, statistics.median(1e6 * sum(r["cpu"][:-1]) / r["messages"] for r in rounds))
        for (w, p, clients), rounds in found.items()
        if (w, p) == (way, processes)
    ]
    slope, fixed = statistics.linear_regression(*zip(*points))
    print(f"{way:<16}  {processes:>9}  {fixed / processes:22.0f}  {slope:23.2f}")
