# SPDX-License-Identifier: Apache-2.0
"""The numbers that people ask for, out of what was measured: one row each, beside other servers."""
import statistics

SERVERS = {"libws": "libws", "libwebsockets": "libwebsockets", "Boost.Beast": "Boost.Beast", "gws": "gws (Go)", "npm ws": "ws (Node)",
           "python websockets": "websockets (Python)"}


def _median(rounds, value):
    known = [value(one) for one in rounds or [] if one]
    return statistics.median(known) if known else None


def _row(title, better, found, value, show):
    # libwebsockets takes 10,000 connections by libuv only.
    cells = [_median(found.get(name) or found.get(f"{name}, libuv"), value) for name in SERVERS]
    return [f"{title} ({better} is better)", *("-" if cell is None else show(cell) for cell in cells)]


def rows(figures):
    """Head and rows of a table; what was not measured has no row."""
    found = {name: one["found"] for name, one in figures.items() if one["found"]}
    out = []
    for load, title in (("64x64x1", "one at a time"), ("64x64x16", "16 at a time")):
        if load in found.get("echo", {}):
            out.append(_row(f"messages of 64 bytes a second for each core of the server, 64 connections, {title}", "more", found["echo"][load],
                            lambda one: one["messages"] / one["cpu"], lambda cell: f"{cell:,.0f}"))
    if "64x64x1" in found.get("echo", {}):
        out.append(_row("round trip that 99 of 100 messages stay below, same load, one at a time", "less", found["echo"]["64x64x1"],
                        lambda one: one["p99"] / 1000, lambda cell: f"{cell:.2f} ms"))
    for kind, title in (("plain", "without TLS"), ("tls", "with TLS")):
        if kind in found.get("idle", {}):
            out.append(_row(f"idle connections for each GB of memory, {title}", "more", found["idle"][kind]["results"],
                            lambda one: 1e9 / one[0] if one[0] > 0 else None, lambda cell: f"{cell:,.0f}"))
    for kind, title in (("plain", "without TLS"), ("TLS, new", "with TLS")):
        if kind in found.get("handshakes", {}):
            out.append(_row(f"new connections a second for each core of the server, {title}", "more", found["handshakes"][kind],
                            lambda one: one["handshakes"] / one["cpu"], lambda cell: f"{cell:,.0f}"))
    return ["", *SERVERS.values()], out
