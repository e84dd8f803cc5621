# SPDX-License-Identifier: Apache-2.0
"""What one call of ws_send costs a thread of the host, beside a bare sendmsg."""
from harness.ratios import Hold, differences, of, quartiles, told
from harness.report import table

TITLE = "ws_send beside sendmsg"
SIZES = (64, 1024)
ROLES = {"client": "client, masked", "server": "server, unmasked"}


def run(bench):
    """[{role, busy, size, rounds}]."""
    found = [{"role": role, "busy": busy, "size": size, "rounds": []} for busy in (False, True) for role in ROLES
             for size in (SIZES[:1] if busy else SIZES)]
    for _ in range(bench.rounds):
        for one in found:
            one["rounds"].append(bench.client(("sink",), "call", one["role"] + ("-busy" if one["busy"] else ""), one["size"], bench.seconds * 0.8))
    for one in found:
        print(f"  {named(one)}: {told(quartiles(more(one)), 0)} ns more, p99 {told(quartiles(of(one['rounds'], 'p99')))} us", flush=True)
    return found


def named(one):
    return f"{ROLES[one['role']]}, {one['size']} bytes{', loops busy' if one['busy'] else ''}"


def more(one):
    """ns of the median call more than that of sendmsg."""
    return [d and d * 1000 for d in differences(of(one["rounds"], "p50"), of(one["rounds"], "bare_p50"))]


def holds(found):
    return [Hold(f"ws_send, {named(one)}: p99", of(one["rounds"], "p99"), 50, "us") if one["busy"] else
            Hold(f"ws_send, {named(one)}: more than sendmsg", more(one), 150, "ns", 0) for one in found if one["size"] == 64]


def text(found):
    return ("A thread of the host sends on two connections in a random order: by `ws_send`, and by `sendmsg` with as many bytes, to peers of the same "
            "kind. Times of calls that went to the kernel; a thread that has called before. \"Loops busy\": two loops, with 32 clients and a server of the "
            "same process that send to and fro, on a machine that has other work for its processors, too.\n\n"
            + table(["role", "p50 us", "p99 us", "sendmsg p50", "sendmsg p99", "ns more at p50"], [
                [named(one), *(told(quartiles(of(one["rounds"], key))) for key in ("p50", "p99", "bare_p50", "bare_p99")), told(quartiles(more(one)), 0)]
                for one in found]))
