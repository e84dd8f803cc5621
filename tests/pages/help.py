#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every example says by --help how it is called and what it does, and does nothing else.

    help.py PROGRAM...        a .py file is run by this interpreter
"""
import os
import subprocess
import sys


def fault(program):
    """What is wrong with its help, or None."""
    name = os.path.basename(program)
    command = [sys.executable, "-B", program] if name.endswith(".py") else [program]
    done = subprocess.run(command + ["--help"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    usage, _, what = done.stdout.partition("\n\n")
    if done.returncode != 0 or done.stderr:
        return f"ends with {done.returncode}, and writes to stderr: {done.stderr!r}"
    if not usage.startswith(f"usage: {name.removeprefix('loop_')}"):
        return f"begins with {usage[:60]!r}"
    if len(what.split()) < 8:
        return f"does not say what it does: {what!r}"
    if long := [line for line in done.stdout.splitlines() if len(line) > 100]:
        return f"has a line that is too long for a terminal: {long[0]!r}"
    return None


def main(programs):
    faults = [f"{program}: --help {why}" for program in programs if (why := fault(program))]
    print("\n".join(faults) or f"{len(programs)} programs say what they do")
    return 1 if faults or len(programs) < 15 else 0


sys.exit(main(sys.argv[1:]))
