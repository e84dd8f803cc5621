#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a program of a language, which has to say what each of them says.

    conversation.py COMMAND...

That the message was sent is told by a completion, which has no order with what other calls and the other
connection cause: it comes between open and close."""
import subprocess
import sys

SAID = ["on open, status:101, message:Switching Protocols", "server: on messageReceive, data:Hello, server!",
        "on message, message:bye", "close success", "on close, code is 1000, reason is CLOSE_NORMAL"]
SENT = "send success"


def main(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=600)
    lines = done.stdout.decode().splitlines()
    print(*lines, sep="\n")
    if done.returncode:
        sys.exit(f"FAILED: ended with status {done.returncode}")
    if [line for line in lines if line != SENT] != SAID or lines.count(SENT) != 1 or SENT in (lines[0], lines[-1]):
        sys.exit("FAILED: it has to say\n" + "\n".join(SAID) + f"\nand once in between {SENT}")


main(*sys.argv[1:])
