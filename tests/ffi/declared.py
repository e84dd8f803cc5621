# SPDX-License-Identifier: Apache-2.0
"""Reads declarations.json for those who write a binding of it.

    declared = Declared()             structs, constants, flags and functions as they stand there
    declared.options()                the structs that a host fills, what they point to first
    declared.members("ws_connect_options")
                                      each member that a host gives a value to, with what kind it is
    declared.layout("ws_connect_options")
                                      where its members lie, for languages without a compiler of C
    declared.c_text()                 all of it as C, for compilers and readers of C such as cffi

Nothing here knows a language but C. Offsets are those of 64-bit systems, the only ones that libws is built for;
the Java binding has a test (java_layout) that compares them with what the compiler makes of the headers.
"""
import json
import re
from pathlib import Path
from typing import NamedTuple

KINDS = """text path bytes headers ints struct structs milliseconds integer unsigned flag descriptor handle pointer
callback"""
# What is no pointer. ws_socket is larger on Windows, for which nothing is generated.
SIZES = {"int32_t": 4, "uint32_t": 4, "ws_socket": 4, "int64_t": 8, "uint64_t": 8, "size_t": 8, "ws_handle": 8}


def camel(name):
    """max_message_size: maxMessageSize"""
    first, *others = name.split("_")
    return first + pascal("_".join(others))


def pascal(name):
    return "".join(part.capitalize() for part in name.split("_"))


def size_of(kind):
    """Of a type, and its alignment."""
    array = re.fullmatch(r"char\[(\d+)\]", kind)
    if array:
        return int(array[1]), 1
    size = SIZES.get(kind, 8)  # all others are pointers
    return size, size


# Of a relay, whose functions run on a thread of the library: most languages cannot run there, so no binding has it.
RELAY = {"ws_relay", "ws_relay_message"}


class Member(NamedTuple):
    """A value that a host gives: name is that of the member, or of the constant if it is a flag."""
    name: str
    kind: str          # of KINDS
    size: str = ""     # bytes, headers, ints, structs: the member with their number
    struct: str = ""   # struct, structs: of which
    value: int = 0     # flag: its bit
    path: str = ""     # bytes: the member that gives the same by a file


class Place(NamedTuple):
    """Where a member lies, and those that go with it."""
    name: str
    what: str            # int, long, text, bytes, array, struct, fixed (char[N]) or pointer
    offset: int
    of: str = ""         # array, struct: of what
    count: int = 0       # text, bytes, array: where the member with their number lies
    count_size: int = 0  # and its own size

    @property
    def camel(self):
        return camel(self.name)


class Layout:
    """A struct in memory. places leaves out what says how large something is: struct_size, and sizes of others."""

    def __init__(self, name, members):
        self.name, self.members, self.offset = name, members, {}
        at, widest = 0, 1
        for member, kind in members.items():
            size, alignment = size_of(kind)
            at = -(-at // alignment) * alignment
            self.offset[member] = at
            at, widest = at + size, max(widest, alignment)
        self.size = -(-at // widest) * widest
        sizes = {number_of(members, m) for m in members}
        self.places = [self._place(m, kind) for m, kind in members.items()
                       if m != "struct_size" and not m.startswith("reserved") and m not in sizes]

    def _place(self, name, kind):
        at, number = self.offset[name], number_of(self.members, name)
        counted = (self.offset[number], size_of(self.members[number])[0]) if number else ()
        inner = re.fullmatch(r"const (ws_\w+|int32_t) \*", kind)
        if kind in ("const char *", "const void *") and (number or "char" in kind):
            return Place(name, "bytes" if "void" in kind else "text", at, "", *counted)
        if inner:
            return Place(name, "array" if number else "struct", at, inner[1], *counted)
        if kind.startswith("char["):
            return Place(name, "fixed", at)
        if kind.endswith("*") or kind.endswith("_callback"):
            return Place(name, "pointer", at)
        return Place(name, "int" if size_of(kind)[0] == 4 else "long", at)


def number_of(members, name):
    """ca and ca_size, data and size, headers and header_count, final_codes and final_code_count: the latter, or "" """
    for size in f"{name}_size", "size" if name == "data" else "", f"{name.removesuffix('s')}_count":
        if size in members and members[name].startswith("const "):
            return size
    return ""


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
            found = [n for n in self.structs if n in wanted - RELAY and n != "ws_event" and "struct_size" in self.structs[n]]
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

    def filled(self):
        """Structs with a size that a call fills in: figures."""
        wanted = set(re.findall(r"(?<!const )\b(ws_\w+) \*", " ".join(self.functions.values())))
        return [n for n in self.structs if n in wanted and n != "ws_event" and "struct_size" in self.structs[n]]

    def events(self):
        """Names of listeners: {"message": 2}; completions are no events for a host of a binding."""
        return {n.removeprefix("WS_EVENT_").lower(): v for n, v in self.constants.items()
                if n.startswith("WS_EVENT_") and n != "WS_EVENT_COMPLETION"}

    def layout(self, struct):
        return Layout(struct, self.structs[struct])

    def members(self, struct):
        members = self.structs[struct]
        sizes = {number_of(members, m) for m in members}
        for name, kind in members.items():
            if name == "flags":
                for flag in self.flags[struct]:
                    yield Member(flag, "flag", value=self.constants[flag])
            elif name != "struct_size" and not name.startswith("reserved") and name not in sizes:
                yield self._member(members, name, kind)

    def _member(self, members, name, kind):
        size, inner = number_of(members, name), re.fullmatch(r"const (ws_\w+) \*", kind)
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
               "typedef void (*ws_log_callback)(int32_t level, const char *line, void *user_data);",
               "typedef void (*ws_relay_message_callback)(const ws_relay_message *message, void *user_data);",
               "typedef void (*ws_relay_interest_callback)(const ws_relay_interest *interest, void *user_data);",
               "typedef void (*ws_relay_end_callback)(void *user_data);"]
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


def write_or_check(files, root, check, command):
    """Writes {path: text}, or ends with status 1 when one of them is stale."""
    stale = []
    for path, text in files.items():
        file = Path(root, path)
        if check and (not file.exists() or file.read_text() != text):
            stale.append(path)
        elif not check:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    if stale:
        raise SystemExit(f"FAILED: {', '.join(stale)} is stale. Write it anew:\n    {command}")
