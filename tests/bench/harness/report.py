# SPDX-License-Identifier: Apache-2.0
"""docs/benchmarks.md."""

METHOD = """\
Servers take turns, each started afresh for each measurement, driven by one load client in
C (`tests/bench/load`) over the loopback of one machine. What is compared is CPU time of the
server's process for each message, which other work on the machine disturbs less than
rates. A ratio is taken round by round; told are the median and, in brackets, the
quartiles. "Floor" is `tests/bench/servers/floor.c`, the least that epoll allows: no
limits, no checks, no TLS. No absolute time here is a claim.

    ./build.sh bench          measures for hours, and writes this page
    ./build.sh bench quick    minutes, to try: into build/tests/bench/quick, not here
"""


def table(head, rows):
    """Markdown; the first column is text."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def page(facts, bench, loads, parts):
    """parts: [(title, text, plot's file or None)]."""
    text = "# Benchmarks\n\nWritten by `./build.sh bench`; not by hand.\n\n" + METHOD + "\n"
    if bench.quick:
        text += "**A quick run: too short for any conclusion.**\n\n"
    text += "## The machine\n\n" + table(["what", ""], facts.items())
    text += f"\nRounds: {bench.rounds} of {bench.seconds} s. Load average during the run: {min(loads):.1f} to {max(loads):.1f}.\n"
    if bench.missing:
        text += f"Not built on this machine: {', '.join(bench.missing)}.\n"
    for title, body, plot in parts:
        text += f"\n## {title}\n\n{body}"
        if plot:
            text += f"\n![{title}](benchmarks/{plot})\n"
    if bench.failures:
        text += "\n## What failed\n\n" + "".join(f"- {failure}\n" for failure in bench.failures)
    return text
