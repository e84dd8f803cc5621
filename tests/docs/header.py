# SPDX-License-Identifier: Apache-2.0
"""header.py - what the public headers say, for the tests of the pages."""
import glob
import re


def read(name):
    with open(name) as file:
        return file.read()


class Header:
    def __init__(self, include):
        texts = {name: read(name) for name in sorted(glob.glob(f"{include}/libws/*.h*") + glob.glob(f"{include}/../bridges/*/ws_*.h") + glob.glob(f"{include}/network/**/*.h", recursive=True))}
        self.names = set(re.findall(r"\bws_\w+|\bWS_\w+|\bLIBWS_\w+", "\n".join(texts.values())))
        c = "\n".join(text for name, text in texts.items() if name.endswith(".h"))
        self.functions = set(re.findall(r"WS_CALL (ws_\w+)\(", c))
        self.constants = {name: int(value) for name, value in re.findall(r"^#define (WS_\w+) \(?(-?\d+)u?\)?(?= |$)", c, re.M)}
        # (struct, member): its comment
        self.members = {}
        for body, struct in re.findall(r"typedef struct ws_\w+ \{\n(.*?)\n\} (ws_\w+);", c, re.S):
            for member, comment in re.findall(r"^ {4}[\w ]+?[ *](\w+)(?:\[\d+\])?;(?:\s*/\*(.*?)\*/)?", body, re.M | re.S):
                self.members[struct, member] = re.sub(r"\s+", " ", comment).strip()

    def defaults(self, member, struct=None):
        """What 0 or NULL means for a member: of its struct, or of all that have one of this name."""
        found = []
        for (of, name), comment in self.members.items():
            if name == member and struct in (None, of):
                said = re.search(r"\b(?:0|NULL)(?: or -1)?: ([^;.]+(?:\.\d[^;.]*)?)", comment) or re.search(r"default: ([^;]+)", comment)
                if said:
                    found.append(said[1].strip())
        return found


UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "bytes": 1, "ms": 1, "s": 1000, "min": 60000, "minutes": 60000, "seconds": 1000,
         "hour": 3600000}


def amounts(text):
    """The numbers in a text in bytes or milliseconds: "16 KiB", "30 s", "1000"."""
    found = []
    for number, unit in re.findall(r"(?<![\w.])(-?\d+(?:\.\d+)?)(?: ?(KiB|MiB|GiB|bytes|ms|s|min|minutes|seconds|hour)\b)?", text):
        found.append(float(number) * UNITS.get(unit, 1))
    return found
