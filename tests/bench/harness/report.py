# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks.md."""
from .summary import table_of
from .words import loads

METHOD = """\
Servers take turns, each started afresh for each measurement, driven by one load client in
C (`tests/bench/load`) over the loopback of one machine, which runs both sides. What is
compared is CPU time of the server's process for each message, which other work on the
machine disturbs less than rates. A ratio is taken round by round; given are the median
and, in brackets, the quartiles. "Floor", in pictures "the least possible", is `tests/bench/servers/floor.c`, the
least that epoll allows: no limits, no checks, no TLS. "Floor, queue" has a second thread that writes the
replies, which is the least that a queue takes. An absolute time depends on the machine; a ratio hardly does.

Each server is an echo with the ways that its library has for one thread: libwebsockets by its manual,
answering in the callback in which one is to write, "at once" inside the one that receives, and on libuv's
loop; uWebSockets as it comes in the crate `libuwebsockets-sys` 0.0.10 (v20), built by the flags of its own makefile, with OpenSSL and
libdeflate, its shared compressor; Boost.Beast; `gws`, `gorilla` and `coder` of Go; npm's `ws`; `websockets` and `picows` of Python, these
on asyncio's own loop; `fastwebsockets` of Rust on tokio; Netty on Java's NIO, which has 5 s before it is
measured, since a JVM compiles meanwhile.

A target is what libws is to reach beside the floor or another server. It is measured in seven rounds of a second each, with
all that it is compared with; all else in three, often shorter and with fewer servers. A target is **met** when both
quartiles are on its good side, **not met** when both are on the other, and **undecided** when one is on each side, or
there are fewer than seven rounds. A load such as `64x16384x16` is 64 connections, messages of 16384 bytes, 16 of them on
their way at a time on each connection.

    ./build.sh bench          all of this, and writes this page
    ./build.sh bench quick    a few minutes, to try: into build/tests/bench/quick, not here
"""
TARGETS = ["what", "measured", "target", "rounds", "verdict"]


def table(head, rows):
    """Markdown; the first column is text."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def in_words(rows):
    return [[loads(row[0]), *row[1:]] for row in rows]


def summary(results):
    """The first thing on the page."""
    head, rows = table_of(results["figures"])
    if not rows:
        return ""
    when = sorted({f"{one.get('date', results['machine']['date'])}, commit {one.get('commit', results['machine']['commit'])}"
                   for name, one in results["figures"].items() if name in ("echo", "idle", "handshakes")})
    return ("## The numbers that people ask for\n\n" + table(head, rows) +
            "\n↑ more is better, ↓ less is better. Messages have 64 bytes and come on 64 connections, one at a time on each unless it says 16; "
            "p99 is what 99 of 100 round trips stay below. "
            "Medians, each beside what others do on the same machine. A core is a second of CPU time of the server's process; memory is that of "
            f"the process, without the kernel's sockets. With 16 at a time libws and uWebSockets answer all that one read has "
            f"brought by one system call; most others make one for each message. Measured {'; '.join(when)}. "
            "Everything else follows, with quartiles; [targets](#targets), also those that are not met, are at the end.\n\n"
            "![CPU time for a message, and memory of an idle connection, beside other servers](benchmarks/readme.svg)\n\n")


def overview(parts, plot):
    """All targets, in the order of the figures; plot is its file or None."""
    rows = [hold.row() for part in parts for hold in part["holds"]]
    count = {}
    for row in rows:
        count[row[-1]] = count.get(row[-1], 0) + 1
    said = ", ".join(f"{n} {verdict}" for verdict, n in sorted(count.items()))
    if not rows:
        return ""
    drawn = f"\n![How far each target is from being met](benchmarks/{plot})\n" if plot else ""
    return f"## Targets\n\n{len(rows)} targets: {said}.\n\n" + table(TARGETS, in_words(rows)) + drawn


def page(results, parts, plot):
    """parts: dicts of title, text, holds, plot (its file or None), seconds, loads, failures, date, commit."""
    text = "# Benchmarks\n\nWritten by `./build.sh bench`; not by hand.\n\n" + summary(results) + "## Method\n\n" + METHOD + "\n"
    if results["quick"]:
        text += "**A quick run: too short for any conclusion.**\n\n"
    text += "## The machine\n\n" + table(["what", ""], results["machine"].items())
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
            text += "\nIts targets:\n\n" + table(TARGETS, in_words(hold.row() for hold in part["holds"]))
        if part["plot"]:
            text += f"\n![{part['title']}](benchmarks/{part['plot']})\n"
        if part["failures"]:
            text += "\nWhat failed here, and is left out:\n\n" + "".join(f"- {failure}\n" for failure in part["failures"])
    targets = overview(parts, plot)
    return text + ("\n" + targets if targets else "")
