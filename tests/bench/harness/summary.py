# SPDX-License-Identifier: Apache-2.0
"""The numbers that people ask for, out of what was measured: a column each, libws beside other servers."""
import statistics

SERVERS = {"libws": "libws", "uWebSockets": "uWebSockets", "libwebsockets": "libwebsockets", "Boost.Beast": "Boost.Beast", "gws": "gws (Go)", "npm ws": "ws (Node)",
           "python websockets": "websockets (Python)"}


def _median(rounds, value):
    known = [found for one in rounds or [] if one and (found := value(one)) is not None]
    return statistics.median(known) if known else None


def _column(title, found, value, show):
    # libwebsockets takes 10,000 connections by libuv only.
    cells = [_median(found.get(name) or found.get(f"{name}, libuv"), value) for name in SERVERS]
    return [title, *("-" if cell is None else show(cell) for cell in cells)]


def _count(cell):
    return f"{cell:,.0f}"


def table_of(figures):
    """Head and rows of a table; what was not measured has no column."""
    found = {name: one["found"] for name, one in figures.items() if one["found"]}
    columns = [["", *SERVERS.values()]]
    for load, title in (("64x64x1", "messages/s per core ↑"), ("64x64x16", "16 at a time ↑")):
        if load in found.get("echo", {}):
            columns.append(_column(title, found["echo"][load], lambda one: one["messages"] / one["cpu"], _count))
    if "64x64x1" in found.get("echo", {}):
        columns.append(_column("p99 of a round trip ↓", found["echo"]["64x64x1"], lambda one: one["p99"] / 1000, lambda cell: f"{cell:.2f} ms"))
    for kind, title in (("plain", "idle connections per GB ↑"), ("tls", "with TLS ↑")):
        if kind in found.get("idle", {}):
            columns.append(_column(title, found["idle"][kind]["results"], lambda one: 1e9 / one[0] if one[0] > 0 else None, _count))
    for kind, title in (("plain", "new connections/s per core ↑"), ("TLS, new", "with TLS ↑")):
        if kind in found.get("handshakes", {}):
            columns.append(_column(title, found["handshakes"][kind], lambda one: one["handshakes"] / one["cpu"], _count))
    head, *rows = zip(*columns)
    return head, [[f"**{cell}**" for cell in row] if row[0] == "libws" else row for row in rows] if len(columns) > 1 else []
