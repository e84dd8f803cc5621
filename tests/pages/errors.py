#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Each text that docs/troubleshooting.md quotes behind "Says:" is one that the library can say.

    errors.py SOURCES GOROOT

"..." in a text stands for what differs. What is fixed between two of them has to be made of at most CHUNKS parts
of strings of core or capi, or of what Go says (crypto, net, syscall): of whole parts, but for the first, of which the end
will do, and the last, of which the beginning will. At least one is ours.
"""
import re
import sys
from pathlib import Path

sources, goroot = Path(sys.argv[1]), Path(sys.argv[2])
FORMAT = re.compile(r"%[-+#0 ]*[0-9]*(?:[.][0-9]+)?(?:ll|z|l)?[a-zA-Z]")
CHUNKS, SHORTEST, LEAST = 4, 2, 6  # SHORTEST: of a part; LEAST: of the longest part of each


def strings(file):
    """The strings of a source, those that C or Go put together as one, without what is put in."""
    text = file.read_text(errors="replace")
    text = re.sub(r"^\s*(?://|\*|/\*).*$", "", text, flags=re.M)
    joined = re.sub(r'(?<!\\)"\s*(?:\+\s*)?"', "", text)
    for literal in re.findall(r'"((?:[^"\\\n]|\\.)*)"', joined):
        yield from FORMAT.split(literal.replace('\\"', '"'))


def parts(places, suffixes):
    """The fixed parts of all strings, in one text that is quick to search."""
    found = {s for place in places for file in place.rglob("*") if file.suffix in suffixes
             and not file.name.endswith("_test.go") for s in strings(file)}
    return "\0" + "\0".join(found) + "\0"


def said(piece, text):
    """Whether the piece is made of parts."""

    def covered(at, chunks, longest):
        if at == len(piece):
            return longest >= min(LEAST, len(piece))
        for end in range(len(piece), at, -1):
            part = piece[at:end]
            if end - at < min(SHORTEST, len(piece)):
                continue
            inside = (part if at == 0 else "\0" + part) + ("" if end == len(piece) else "\0")
            if inside in text and (chunks > 1 or end == len(piece)) and covered(end, chunks - 1, max(longest, end - at)):
                return True
        return False

    return covered(0, CHUNKS, 0)


def main():
    ours = parts([sources / "core", sources / "capi"], {".go", ".c", ".h"})
    gos = parts([goroot / "src/syscall", goroot / "src/net", goroot / "src/crypto/tls", goroot / "src/crypto/x509"], {".go"})
    every = ours + gos
    page = (sources / "docs/troubleshooting.md").read_text()
    quoted = re.findall(r"^- Says: `(.+)`$", page, re.M)
    faults = []
    for text in quoted:
        pieces = [p for p in text.split("...") if len(p.strip()) > SHORTEST]
        faults += [f"nobody says {piece!r}, of {text!r}" for piece in pieces if not said(piece, every)]
        if not any(said(piece, ours) for piece in pieces):
            faults.append(f"{text!r} is not the library's")
    numbers = [int(n) for n in re.findall(r"^### (\d+)\. ", page, re.M)]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) < 30:
        faults.append(f"the symptoms are not numbered from 1 on: {numbers}")
    if len(quoted) < 50:
        faults.append(f"{len(quoted)} texts were found: is the search broken?")
    sys.exit("\n".join(faults) or 0)


main()
