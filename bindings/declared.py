# SPDX-License-Identifier: Apache-2.0
"""declarations.json for the generators of bindings: offsets of members, and which belong together.

The offsets are those of 64-bit systems, the only ones that libws is built for; each binding has a
test that compares them with what the compiler makes of the headers.
"""
import json
import re
from pathlib import Path

SIZES = {"uint8_t": 1, "int32_t": 4, "uint32_t": 4, "int64_t": 8, "uint64_t": 8, "size_t": 8, "ws_handle": 8}


class Member:
    """One member, or a pointer with its size or count, as a host sees it.

    what: int, long, text (char *), bytes, array (of structs or int32_t), struct (a pointer to one),
    fixed (char[N]), pointer (anything else). of: the struct or type behind an array or pointer.
    """

    def __init__(self, name, what, offset, of=None, count=None, size=0):
        self.name, self.what, self.offset, self.of, self.count, self.size = name, what, offset, of, count, size

    @property
    def camel(self):
        return camel(self.name)


def camel(name):
    """max_message_size: maxMessageSize"""
    first, *others = name.split("_")
    return first + "".join(o.capitalize() for o in others)


def pascal(name):
    return "".join(o.capitalize() for o in name.split("_"))


def size_of(kind):
    array = re.fullmatch(r"char\[(\d+)\]", kind)
    if array:
        return int(array[1]), 1
    size = SIZES.get(kind, 8)  # all others are pointers
    return size, size


def offsets(members):
    """Of each member, and the size of the struct."""
    at, widest, found = 0, 1, {}
    for name, kind in members.items():
        size, alignment = size_of(kind)
        at = -(-at // alignment) * alignment
        found[name] = at
        at, widest = at + size, max(widest, alignment)
    return found, -(-at // widest) * widest


class Struct:
    def __init__(self, name, members):
        self.name, self.members = name, members
        self.offset, self.size = offsets(members)
        self.fields = list(self._grouped())

    def _count_of(self, member):
        name = f"{member.removesuffix('s')}_count"
        return name if name in self.members else None

    def _grouped(self):
        done = {"struct_size", "reserved", "reserved_2"}
        for name, kind in self.members.items():
            if name in done:
                continue
            at, count = self.offset[name], self._count_of(name)
            size = "size" if name == "data" else f"{name}_size"
            pointed = re.fullmatch(r"const (\w+) \*", kind)
            if kind in ("const char *", "const void *") and size in self.members:
                done.add(size)
                what = "bytes" if kind == "const void *" else "text"
                yield Member(name, what, at, count=self.offset[size])
            elif kind == "const char *":
                yield Member(name, "text", at)
            elif pointed and count:
                done.add(count)
                yield Member(name, "array", at, pointed[1], self.offset[count], size_of(self.members[count])[0])
            elif pointed and pointed[1].startswith("ws_"):
                yield Member(name, "struct", at, pointed[1])
            elif kind.startswith("char["):
                yield Member(name, "fixed", at, size=size_of(kind)[0])
            elif kind.endswith("*") or kind.endswith("_callback"):
                yield Member(name, "pointer", at, kind)
            elif name not in [f"{m.removesuffix('s')}_count" for m in self.members]:
                yield Member(name, "int" if size_of(kind)[0] == 4 else "long", at, kind)


class Declared:
    def __init__(self, file):
        # ws_socket is an int32_t but on Windows, for which nothing is generated.
        self.all = json.loads(Path(file).read_text().replace("ws_socket", "int32_t"))
        self.structs = {n: Struct(n, m) for n, m in self.all["structs"].items()}
        self.constants = self.all["constants"]
        self.functions = self.all["functions"]

    def options(self):
        """Structs with struct_size that a call takes, or that one of these points to."""
        texts, found, before = list(self.functions.values()), [], -1
        while len(found) != before:
            before = len(found)
            wanted = set(re.findall(r"const (ws_\w+) \*", " ".join(texts)))
            found = [n for n in self.structs if n in wanted and n != "ws_event"
                     and "struct_size" in self.structs[n].members]
            texts += [" ".join(self.structs[n].members.values()) for n in found]
        return [self.structs[n] for n in found]

    def facts(self):
        """Structs with struct_size that a call fills in."""
        filled = set(re.findall(r"(?<!const )\b(ws_\w+) \*", " ".join(self.functions.values())))
        return [s for n, s in self.structs.items()
                if n in filled and "struct_size" in s.members and n != "ws_event"]

    def events(self):
        """Names of listeners: {"message": 2}; completions are no events for a host of a binding."""
        return {n.removeprefix("WS_EVENT_").lower(): v for n, v in self.constants.items()
                if n.startswith("WS_EVENT_") and n != "WS_EVENT_COMPLETION"}


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
