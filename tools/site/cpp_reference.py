# SPDX-License-Identifier: Apache-2.0
"""cpp_reference.py - what the headers of C++ declare, with what they say of it.

    cpp_reference.py INCLUDE_DIRECTORY    names each public declaration without a comment; status 1 when there is one

The headers are written in one way: a comment in front of what it is about, also of the overloads that follow it at
once; members at one indentation, bodies deeper or on the same line; what is the headers' own in namespace detail or
behind "private:". Copying, moving by "= default" and "= delete" need no word.
"""
import dataclasses
import re
import sys
from pathlib import Path

ORDER = ("ws.hpp", "ws_status.hpp", "ws_connection.hpp", "ws_server.hpp", "ws_callbacks.hpp", "ws_events.hpp", "ws_views.hpp",
         "ws_options.hpp", "ws_coroutines.hpp")
CLASS = re.compile(r"^(?:template <[^>]*> )?(?:class|struct)(?: \[\[nodiscard\]\])? (\w+)(?: : public [\w:<>]+)? \{$")


@dataclasses.dataclass
class Declaration:
    name: str
    text: str
    said: str
    own: bool = False  # it is a class, and members are its


@dataclasses.dataclass
class Group:
    """A class with its members, or the functions of a header."""
    title: str
    said: str
    members: list = dataclasses.field(default_factory=list)


def flowing(comment):
    lines = [re.sub(r"^\s*(?:/\*+|\*/|\*)? ?", "", line).rstrip() for line in comment.removesuffix("*/").split("\n")]
    return "\n".join(lines).strip()


def declared(line):
    """A declaration without its body and without what a constructor begins with; "" while more has to come."""
    depth = 0
    for at, character in enumerate(line):
        depth += (character in "([") - (character in ")]")
        if depth == 0 and (character in ";{" and line[at - 2:at + 1] != "= {" or line[at:at + 3] == " : "):
            return re.sub(r"^inline ", "", " ".join(line[:at].split()))
    return ""


def name_of(text):
    named = re.search(r"(operator[^(]*|~?\w+)(?:\(|$| = )", re.sub(r"^template <.*?>>? ", "", text))
    return named[1].strip() if named else text


class Header:
    def __init__(self, text):
        self.groups = [Group("", "")]
        self.file = ""  # what is said of all
        self.comment, self.last = "", ("", "")  # that waits, and (name, text) that overloads share
        self.hidden, self.current = 0, None  # depth of what is not shown; the class that is read
        lines = iter(text.split("\n"))
        for line in lines:
            while re.match(r" {0,4}(?:template <|[^ #/*][^/]*\()", line) and not declared(line) and not CLASS.match(line):
                line += " " + next(lines).strip()
            if line.lstrip().startswith("/*") and not self.inside_body(line):
                whole = line
                while "*/" not in whole:
                    whole += "\n" + next(lines)
                if "SPDX" not in whole and "Generated" not in whole:
                    self.file = self.file or flowing(whole)
                self.comment = flowing(whole)
                continue
            self.take(line)

    def inside_body(self, line):
        depth = len(line) - len(line.lstrip())
        return depth > (4 if self.current else 0)

    def take(self, line):
        indent = len(line) - len(line.lstrip())
        if line.startswith("namespace detail {") or self.hidden:
            self.hidden = not line.startswith("} // namespace detail")
            self.comment = ""
        elif line.startswith("}"):
            self.current, self.comment = None, ""
        elif not line.strip():
            self.comment, self.last = "", ("", "")
        elif (found := CLASS.match(line)):
            struct = "struct " in line
            self.current = Group(found[1], self.comment)
            self.groups.append(self.current)
            self.public, self.comment, self.last = struct, "", ("", "")
        elif self.current is None:
            if re.match(r"(?:template <.*> )?(?:inline |using )", line) and indent == 0:
                self.declaration(self.groups[0], line)
        elif re.match(r"(?:public|private|protected):$", line):
            self.public, self.comment = line == "public:", ""
        elif indent == 4 and self.public and line[4] not in "}:#" and "friend" not in line:
            self.declaration(self.current, line)

    def declaration(self, group, line):
        text = declared(line)
        if "= delete" in line or "= default" in line and "()" not in line or re.match(r"[\w:<>]+ \w+::\w+\(", text):
            return
        name = name_of(text)
        behind = re.search(r"/\* (.*) \*/$", line)
        said = self.comment or (behind[1] if behind else "") or (self.last[1] if self.last[0] == name else "")
        group.members.append(Declaration(name, text, said))
        self.comment, self.last = "", (name, said)


def headers(include):
    return {name: Header((Path(include) / "libws" / name).read_text()) for name in ORDER}


def silent(include):
    """Public declarations of which nothing is said; those of generated classes are members of a struct of C."""
    for file, header in headers(include).items():
        for group in header.groups:
            if group.title and not group.said:
                yield f"{file}: class {group.title}"
            if file in ("ws_options.hpp", "ws_events.hpp"):
                continue
            yield from (f"{file}: {group.title}{'::' if group.title else ''}{member.text}" for member in group.members if not member.said)


if __name__ == "__main__":
    found = list(silent(sys.argv[1]))
    if found:
        sys.exit("nothing is said of\n" + "\n".join(found))
