#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a C program that prints what the headers declare, as JSON.

    header.py INCLUDE_DIRECTORY DECLARATIONS.C

A binding in another language repeats the declarations of the header. The program
tells what the compiler makes of them (sizes, offsets, values), so that the tests
can compare. Which structs, members, constants and functions there are is read from
the headers, so that a member that is new there and missing in a binding is seen, too.
"""
import re
import sys
from pathlib import Path


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def one_line(text):
    return re.sub(r"\s*\*\s*", " *", re.sub(r"\s+", " ", text)).strip()


def split_name(declaration):
    """'const char *url' -> ('const char *', 'url'), 'char client_ip[64]' -> ('char[64]', 'client_ip')"""
    match = re.fullmatch(r"(.*?[ *])(\w+)(\[\w+\])?", one_line(declaration))
    if not match:
        sys.exit(f"header.py: cannot read the declaration '{declaration}'")
    return match[1].strip() + (match[3] or ""), match[2]


def structs(text):
    for match in re.finditer(r"typedef struct (\w+) \{(.*?)\} \1;", text, re.S):
        yield match[1], [split_name(member) for member in match[2].split(";") if member.strip()]


def functions(text):
    for match in re.finditer(r"WS_API ([\w ]+?[ *]+)WS_CALL (\w+)\((.*?)\);", text, re.S):
        parameters = [] if match[3].strip() == "void" else [split_name(p)[0] for p in match[3].split(",")]
        yield match[2], [one_line(match[1])] + parameters


def constants(text):
    for match in re.finditer(r"^#define (WS_[A-Z0-9_]+)[ \t]+(\S.*)$", text, re.M):
        if match[1] not in ("WS_CALL", "WS_API"):
            yield match[1]


def main():
    types = "".join(without_comments((Path(sys.argv[1]) / "libws" / name).read_text())
                    for name in ("ws_types.h", "ws_options.h", "ws_server_options.h", "ws_relay.h"))
    calls = without_comments((Path(sys.argv[1]) / "libws" / "ws.h").read_text())
    out = ["#include <stddef.h>", "#include <stdio.h>", '#include <libws/ws.h>', "", "int main(void)", "{"]

    def put(text, *values):
        """A line of JSON; text is its format."""
        text = text.replace('"', '\\"')
        out.append(f'    printf("{text}\\n"{"".join(", " + v for v in values)});')

    put('{"structs": {')
    known = list(structs(types))
    for i, (name, members) in enumerate(known):
        put(f'"{name}": {{"size": %zu, "align": %zu, "members": {{', f"sizeof({name})", f"_Alignof({name})")
        for j, (kind, member) in enumerate(members):
            put(f'"{member}": {{"type": "{kind}", "offset": %zu, "size": %zu}}{"," * (j + 1 < len(members))}',
                f"offsetof({name}, {member})", f"sizeof((({name} *)0)->{member})")
        put("}}" + "," * (i + 1 < len(known)))
    put('}, "constants": {')
    names = list(constants(types))
    for i, name in enumerate(names):
        put(f'"{name}": %lld{"," * (i + 1 < len(names))}', f"(long long)(intptr_t)({name})")
    put('}, "functions": {')
    known = list(functions(calls))
    for i, (name, kinds) in enumerate(known):
        put(f'"{name}": "{", ".join(kinds)}"{"," * (i + 1 < len(known))}')
    put("}}")
    Path(sys.argv[2]).write_text("\n".join(out + ["    return 0;", "}", ""]))


if __name__ == "__main__":
    main()
