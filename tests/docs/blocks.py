# SPDX-License-Identifier: Apache-2.0
"""blocks.py - the code blocks of a page, and what the comment above each says about it.

A comment of HTML directly above a block is not seen by readers:

    <!-- fragment: FRAME -->    part of a program: compiled inside frames/FRAME.c
    <!-- server: STEPS -->      a whole program that is a server; peer.py does STEPS against it
    <!-- ends by: SIGNAL -->    a program that goes on until this signal comes
    <!-- prints: LINE -->       what a program prints; a block of "output" behind it says so to readers, too
    <!-- file: NAME -->         what the page's commands use by that name
    <!-- package: NAME -->      wants a package of pkg-config that ./build.sh test does not install; compiled where it is
    <!-- check: COMMAND -->     run behind the block, which is the file before it
    <!-- not run: REASON -->    commands that a test cannot run; bash reads them only
"""
import dataclasses
import re

FENCE = re.compile(r"^( {0,3})```(\S*) *$")
COMMENT = re.compile(r"<!--\s*(fragment|server|ends by|prints|file|package|check|not run):\s*(.*?)\s*-->", re.S)


@dataclasses.dataclass
class Block:
    page: str
    line: int
    language: str
    text: str
    says: dict

    def __str__(self):
        return f"{self.page}:{self.line}"


def split(page, text):
    """The blocks of a page, and its text without them."""
    blocks, prose, above = [], [], []
    lines = iter(enumerate(text.split("\n"), 1))
    for number, line in lines:
        opens = FENCE.match(line)
        if not opens:
            prose.append(line)
            above.append(line)
            continue
        body = []
        for _, inner in lines:
            if inner.strip() == "```":
                break
            body.append(inner[len(opens[1]):] if inner.startswith(opens[1]) else inner)
        else:
            raise SystemExit(f"FAILED: {page}:{number}: the block does not end")
        # The comments that end right here.
        paragraph = re.search(r"(?:<!--(?:(?!-->).)*-->\s*)*\Z", "\n".join(above), re.S)
        says = dict(COMMENT.findall(paragraph[0]))
        blocks.append(Block(page, number, opens[2], "\n".join(body) + "\n", says))
        above = []
    return blocks, "\n".join(prose)
