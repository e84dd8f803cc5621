# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks.md."""

METHOD = """\
Servers take turns, each started afresh for each measurement, driven by one load client in
C (`tests/bench/load`) over the loopback of one machine, which runs both sides. What is
compared is CPU time of the server's process for each message, which other work on the
machine disturbs less than rates. A ratio is taken round by round; told are the median
and, in brackets, the quartiles. "Floor" is `tests/bench/servers/floor.c`, the least that
epoll allows: no limits, no checks, no TLS. No absolute time here is a claim.

Each server is an echo with the ways that its library has for one thread: libwebsockets by its manual, answering in the
callback in which one is to write, "at once" inside the one that receives, and on libuv's loop; Boost.Beast; `gws`, `gorilla` and `coder`
of Go; npm's `ws`; `websockets` and `picows` of Python, these on asyncio's own loop; `fastwebsockets` of Rust on tokio; Netty on Java's NIO, which has 5 s
before it is measured, since a JVM compiles meanwhile.

What is held is measured in seven rounds of a second each, with all that it is held
against; all else in three, often shorter and with fewer servers. A hold is **met** when both quartiles are on its good side,
**not met** when both are on the other, and **undecided** when they straddle it, or when
there are fewer than seven rounds.

    ./build.sh bench          all of this, and writes this page
    ./build.sh bench quick    a few minutes, to try: into build/tests/bench/quick, not here
"""
HELD = ["what", "measured", "hold", "rounds", "verdict"]


def table(head, rows):
    """Markdown; the first column is text."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def overview(parts, plot):
    """Of all that is held, in the order of the figures; plot is its file or None."""
    rows = [hold.row() for part in parts for hold in part["holds"]]
    count = {}
    for row in rows:
        count[row[-1]] = count.get(row[-1], 0) + 1
    said = ", ".join(f"{n} {verdict}" for verdict, n in sorted(count.items()))
    if not rows:
        return ""
    drawn = f"\n![What is held](benchmarks/{plot})\n" if plot else ""
    return f"## What is held\n\n{len(rows)} holds: {said}.\n\n" + table(HELD, rows) + drawn


def page(results, parts, plot):
    """parts: dicts of title, text, holds, plot (its file or None), seconds, loads, failures, date, commit."""
    text = "# Benchmarks\n\nWritten by `./build.sh bench`; not by hand.\n\n" + METHOD + "\n"
    if results["quick"]:
        text += "**A quick run: too short for any conclusion.**\n\n"
    text += overview(parts, plot) + "\n## The machine\n\n" + table(["what", ""], results["machine"].items())
    if parts:
        loads = [load for part in parts for load in part["loads"]]
        text += (f"\nThe run took {sum(part['seconds'] for part in parts) / 60:.0f} minutes. "
                 f"Load average during it: {min(loads):.1f} to {max(loads):.1f}; its own programs are most of that.\n")
    if results["missing"]:
        text += f"\nNot on this machine, and left out: {', '.join(results['missing'])}.\n"
    for part in parts:
        low, high = sorted(part["loads"])
        text += (f"\n## {part['title']}\n\nOf {part['date']}, commit {part['commit']}; load average {low:.1f} to {high:.1f}.\n\n{part['text']}")
        if part["holds"]:
            text += "\nHeld:\n\n" + table(HELD, [hold.row() for hold in part["holds"]])
        if part["plot"]:
            text += f"\n![{part['title']}](benchmarks/{part['plot']})\n"
        if part["failures"]:
            text += "\nWhat failed here, and is left out:\n\n" + "".join(f"- {failure}\n" for failure in part["failures"])
    return text
