#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What it costs to send one message of 128 bytes to many connections.

    tests/bench/fanout.py [--build build] [--connections 5000] [--rounds 15] [--messages 5]

A server of libws (ws_server_broadcast) and a loop of send() over as many sockets take
turns, each with clients in a process of their own. A round is some messages, one after
the other, to each; told is the CPU time of the server process for each recipient as a
ratio to the loop in the same round, and how long the last recipient waits: medians of
all rounds with quartiles. Once published by another thread than the loop's, once inside
a callback.

Servers and clients need a descriptor per connection each (ulimit -n). It is no test: it
passes no verdict.
"""
import argparse
import os
import resource
import statistics
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


class Side:
    def __init__(self, program, kind, n):
        pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.server = subprocess.Popen([program, kind, str(n)], **pipes)
        port = self.server.stdout.readline().strip()
        self.clients = subprocess.Popen([program, "clients", port, str(n)], **pipes)
        assert self.clients.stdout.readline() == "ready\n"
        self.libws = kind == "libws"

    def say(self, process, line):
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def cpu(self):
        self.say(self.server, "cpu")
        return float(self.server.stdout.readline())

    def message(self, where):
        """One message; the seconds until the last recipient has it."""
        if where == "thread" or not self.libws:
            self.say(self.server, where)
        if where == "callback":
            self.say(self.clients, "say")
        self.say(self.clients, "go")
        return float(self.clients.stdout.readline()) - float(self.server.stdout.readline())

    def round(self, where, messages):
        before = self.cpu()
        last = [self.message(where) for _ in range(messages)]
        return self.cpu() - before, statistics.median(last)

    def end(self):
        for process in self.clients, self.server:
            process.kill()
            process.wait()


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default="build")
    parser.add_argument("--connections", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--messages", type=int, default=5)
    arguments = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    build, n = Path(arguments.build).resolve(), arguments.connections
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "fanout")
        subprocess.run(["cc", "-O2", "-I", HERE.parent.parent / "include", HERE / "fanout.c", "-o", program,
                        build / "libws.so", f"-Wl,-rpath,{build}"], check=True)
        for where in "thread", "callback":
            ours, rod = Side(program, "libws", n), Side(program, "send", n)
            try:
                for side in ours, rod:
                    side.round(where, arguments.messages)  # to warm up
                rounds = []
                for number in range(arguments.rounds):
                    first, second = (ours, rod) if number % 2 else (rod, ours)
                    both = {first: first.round(where, arguments.messages), second: second.round(where, arguments.messages)}
                    rounds.append((both[ours], both[rod]))
            finally:
                ours.end()
                rod.end()
            per = 1e6 / n / arguments.messages
            print(f"{where}: CPU per recipient {quartiles([a[0] / b[0] for a, b in rounds])} x send, "
                  f"{quartiles([a[0] * per for a, _ in rounds])} us to {quartiles([b[0] * per for _, b in rounds])} us; "
                  f"the last has it after {quartiles([a[1] * 1000 for a, _ in rounds])} ms, "
                  f"by send {quartiles([b[1] * 1000 for _, b in rounds])} ms")


if __name__ == "__main__":
    main()
