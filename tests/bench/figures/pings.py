# SPDX-License-Identifier: Apache-2.0
"""What heartbeats cost: a ping from the server to each of 10,000 connections every 30 s."""
from harness.ratios import Hold, per, quartiles, told
from harness.report import table
from harness.servers import Server

TITLE = "Heartbeats of 10,000 connections"
CONNECTIONS, EVERY = 10000, 30


def run(bench):
    """{connections, interval, windows: [result of each]}."""
    connections, interval = bench.connections(CONNECTIONS, 500), 1 if bench.quick else 6
    server = Server("libws", [str(bench.programs / "libws_pings"), "{port}", str(interval * 1000)], {"plain": []})
    # The first pings are due an interval after the last connection.
    windows = bench.series(server, "pings", connections=connections, seconds=interval, warm=interval * 1.5, windows=bench.rounds)
    found = {"connections": connections, "interval": interval, "windows": windows or []}
    print(f"  {told(quartiles(shares(found)), 3)} % of a core", flush=True)
    return found


def shares(found):
    """Per cent of a core that pings to 10,000 connections every 30 s are, in each window."""
    return [per(r, "pings") * CONNECTIONS / EVERY / 1e4 if per(r, "pings") else None for r in found["windows"]]


def holds(found):
    return [Hold("a ping to each of 10,000 every 30 s", shares(found), 1, "% of a core", 3)]


def text(found):
    rows = [[found["connections"], told(quartiles([r["pings"] / r["seconds"] for r in found["windows"]]), 0),
             told(quartiles([per(r, "pings") for r in found["windows"]])), told(quartiles(shares(found)), 3)]]
    return (f"Measured with a ping every {found['interval']} s, in windows of one interval, of one server; all the CPU that the server used in a "
            f"window is counted for its pings, and scaled to {CONNECTIONS} connections every {EVERY} s. Each ping is answered.\n\n"
            + table(["connections", "pings/s", "CPU us for each", f"% of a core at {CONNECTIONS} every {EVERY} s"], rows))
