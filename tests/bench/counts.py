#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a message takes of the kernel: system calls, page faults and switches of threads of a server.

    tests/bench/counts.py [--build build] [--before build] [--seconds 2] [load ...]

A load is SERVER:KIND:CONNECTIONSxSIZExDEPTH, or SERVER:KIND:CONNECTIONSxSIZE@RATE for messages at
a fixed rate; without any, those of LOADS. With --before the library and its example of another
build are counted as well, in the same run. `perf stat` counts, which wants the rights
to trace; it is no test and passes no verdict.
"""
import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
from harness.bench import Bench  # noqa: E402
from harness.servers import servers  # noqa: E402

LOADS = ("plain:64x64x1", "plain:64x64x16", "plain:64x16384x1", "plain:64x16384x16", "plain:1x1048576x1", "plain:64x1048576x1",
         "plain:64x64@5000", "plain:1000x64@20000", "tls:64x64x1", "tls:64x64x16", "tls:64x16384x1", "tls:64x64@5000", "deflate:64x1024x16")
SERVERS = ("floor", "floor, TLS", "floor, deflate", "floor, queue", "libws", "libws, queue")
CALLS = {"recv": ("recvfrom", "recvmsg", "read"), "send": ("sendto", "sendmsg", "write", "writev"), "epoll": ("epoll_wait", "epoll_pwait", "epoll_ctl"),
         "futex": ("futex",), "sleep": ("nanosleep", "clock_nanosleep"), "memory": ("madvise", "mmap", "munmap"), "signal": ("tgkill", "rt_sigreturn", "rt_sigprocmask")}
TELLS = {"all calls": ("raw_syscalls:sys_enter",), **{name: tuple(f"syscalls:sys_enter_{call}" for call in calls) for name, calls in CALLS.items()},
         "faults": ("page-faults",), "switches": ("context-switches",)}


def counted(bench, server, kind, load, seconds):
    """{what: how often for each message}."""
    sizes, _, rate = load.partition("@")
    connections, size, *depth = sizes.split("x")
    with bench.start(server, kind) as running, tempfile.NamedTemporaryFile() as told:
        options = {"connections": connections, "size": size, "seconds": seconds, "warm": 1}
        options |= {"rate": rate} if rate else {"depth": depth[0]}
        events = ",".join(dict.fromkeys(event for events in TELLS.values() for event in events))
        client = subprocess.Popen(bench.arguments("paced" if rate else "echo", running, kind, **options), stdout=subprocess.PIPE, text=True)
        # From the end of the warm-up to that of the measurement, as the client does.
        subprocess.run(["perf", "stat", "-x", "\t", "-o", told.name, "-e", events, "-p", str(running.pid), "--delay", "1000", "--timeout", str(int(1000 * (seconds + 1)))],
                       check=True, stderr=subprocess.DEVNULL)
        messages = json.loads(client.communicate(timeout=60)[0].splitlines()[-1])["messages"]
        found = {}
        for line in Path(told.name).read_text().splitlines():
            words = line.split("\t")
            if len(words) > 2 and words[0].isdigit():
                found[words[2]] = int(words[0])
        return {what: sum(found.get(event, 0) for event in events) / messages for what, events in TELLS.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", type=Path, default=Path("build"))
    parser.add_argument("--before", type=Path, help="another build")
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("loads", nargs="*")
    a = parser.parse_args()
    if not shutil.which("perf"):
        parser.error("it wants perf (Debian: linux-perf)")
    bench = Bench(a.build.resolve(), False, 1, a.seconds, None)
    before = servers(a.before.resolve()) if a.before else {}
    loads = a.loads or [f"{name}:{load}" for load in LOADS for name in SERVERS
                        if load.split(":")[0] in bench.servers[name].kinds and ("queue" not in name or "@" in load or load.endswith("x16"))]
    print("| load | server | " + " | ".join(TELLS) + " |\n|---|---|" + "---|" * len(TELLS))
    for told in loads:
        name, kind, load = told.split(":")
        for when, server in (("", bench.servers[name]), (", before", before.get(name) if name.startswith("libws") else None)):
            if server and server.available():
                found = counted(bench, server, kind, load, a.seconds)
                print(f"| {kind} {load} | {name}{when} | " + " | ".join(f"{n:.4f}" if n < 0.1 else f"{n:.2f}" for n in found.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
