# SPDX-License-Identifier: Apache-2.0
"""Reads declarations.json for those who write a binding of it.

    declared = Declared()             structs, constants, flags and functions as they stand there
    declared.options()                the structs that a host fills, what they point to first
    declared.members("ws_connect_options")
                                      each member that a host gives a value to, with what kind it is
    declared.c_text()                 all of it as C, for compilers and readers of C such as cffi

Nothing here knows a language but C.
"""
import json
import re
from pathlib import Path
from typing import NamedTuple

KINDS = """text path bytes headers ints struct structs milliseconds integer unsigned flag descriptor handle pointer
callback"""


class Member(NamedTuple):
    """A value that a host gives: name is that of the member, or of the constant if it is a flag."""
    name: str
    kind: str          # of KINDS
    size: str = ""     # bytes, headers, ints, structs: the member with their number
    struct: str = ""   # struct, structs: of which
    value: int = 0     # flag: its bit
    path: str = ""     # bytes: the member that gives the same by a file


class Declared:
    def __init__(self, file=Path(__file__).parent / "declarations.json"):
        self.all = json.loads(Path(file).read_text())
        self.structs, self.constants = self.all["structs"], self.all["constants"]
        self.flags, self.functions = self.all["flags"], self.all["functions"]

    def options(self):
        """Structs with a size that a call takes by const pointer, and those that they point to; these come first."""
        texts, found, before = list(self.functions.values()), [], -1
        while len(found) != before:
            before = len(found)
            wanted = set(re.findall(r"const (ws_\w+) \*", " ".join(texts)))
            found = [n for n in self.structs if n in wanted and n != "ws_event" and "struct_size" in self.structs[n]]
            texts += [" ".join(self.structs[n].values()) for n in found]
        ordered = []

        def place(name):
            for kind in self.structs[name].values():
                inner = re.fullmatch(r"const (ws_\w+) \*", kind)
                if inner and inner[1] in found:
                    place(inner[1])
            if name not in ordered:
                ordered.append(name)

        for name in found:
            place(name)
        return ordered

    def members(self, struct):
        members = self.structs[struct]
        sizes = {self._size(members, m) for m in members}
        for name, kind in members.items():
            if name == "flags":
                for flag in self.flags[struct]:
                    yield Member(flag, "flag", value=self.constants[flag])
            elif name != "struct_size" and not name.startswith("reserved") and name not in sizes:
                yield self._member(members, name, kind)

    @staticmethod
    def _size(members, name):
        """ca and ca_size, data and size, headers and header_count, final_codes and final_code_count"""
        for size in f"{name}_size", "size" if name == "data" else "", f"{name.removesuffix('s')}_count":
            if size in members and members[name].startswith("const "):
                return size
        return ""

    def _member(self, members, name, kind):
        size, inner = self._size(members, name), re.fullmatch(r"const (ws_\w+) \*", kind)
        if kind == "const char *":
            return Member(name, "path" if re.search("(^|_)path$", name) else "text")
        if kind == "const void *" and size:
            return Member(name, "bytes", size, path=f"{name}_path" if f"{name}_path" in members else "")
        if kind == "const ws_header *":
            return Member(name, "headers", size)
        if kind == "const int32_t *" and size:
            return Member(name, "ints", size)
        if inner:
            return Member(name, "structs" if size else "struct", size, inner[1])
        if kind == "ws_socket":
            return Member(name, "descriptor")
        if kind in ("int32_t", "int64_t"):
            return Member(name, "milliseconds" if name.endswith("_ms") else "integer")
        if kind == "uint64_t":
            return Member(name, "unsigned")
        if kind in ("ws_handle", "void *") or kind.endswith("_callback"):
            return Member(name, {"ws_handle": "handle", "void *": "pointer"}.get(kind, "callback"))
        raise ValueError(f"declared.py: what is the member {name}, a {kind}?")

    def c_text(self):
        """Types, structs and prototypes; constants are numbers, not C."""
        out = ["typedef uint64_t ws_handle;", "typedef int32_t ws_socket;", *(f"typedef struct {name} {name};" for name in self.structs),
               "typedef void (*ws_callback)(const ws_event *event, void *user_data);",
               "typedef void (*ws_log_callback)(int32_t level, const char *line, void *user_data);"]
        for name, members in self.structs.items():
            out.append(f"struct {name} {{")
            for member, kind in members.items():
                base, _, length = kind.partition("[")
                out.append(f"    {base} {member}{'[' + length if length else ''};")
            out.append("};")
        for name, kinds in self.functions.items():
            result, *parameters = kinds.split(", ")
            out.append(f"{result} {name}({', '.join(parameters) or 'void'});")
        return "\n".join(out).replace("* ", "*") + "\n"
