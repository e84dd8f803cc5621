#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what Lua and Ruby declare of libws: bindings/lua/libws_h.lua and bindings/ruby/libws_h.rb.

    scripted.py DECLARATIONS.json            writes them
    scripted.py DECLARATIONS.json --check    status 1 when they are stale
"""
import json
import re
import sys
from pathlib import Path

HEAD = " SPDX-License-Identifier: Apache-2.0\n{} Generated from tests/ffi/declarations.json by bindings/scripted.py; do not edit.\n"


def declarator(kind, name):
    """const char * and x make const char *x, char[64] and x make char x[64]"""
    array = re.fullmatch(r"(\w+)(\[\d+\])", kind)
    if array:
        return f"{array[1]} {name}{array[2]}"
    return kind + name if kind.endswith("*") else f"{kind} {name}"


def lua(declared):
    """C text for ffi.cdef, as LuaJIT reads it."""
    out = ["--" + HEAD.format("--"), "local ffi = require('ffi')", "ffi.cdef[[", "typedef uint64_t ws_handle;",
           "struct ws_event;", "typedef void (*ws_callback)(const struct ws_event *event, void *user_data);",
           "typedef void (*ws_log_callback)(int32_t level, const char *line, void *user_data);",
           "struct ws_relay_message;", "struct ws_relay_interest;",
           "typedef void (*ws_relay_message_callback)(const struct ws_relay_message *message, void *user_data);",
           "typedef void (*ws_relay_interest_callback)(const struct ws_relay_interest *interest, void *user_data);",
           "typedef void (*ws_relay_end_callback)(void *user_data);"]
    for name, members in declared["structs"].items():
        out += [f"typedef struct {name} {{", *(f"    {declarator(kind, member)};" for member, kind in members.items()), f"}} {name};"]
    for name, kinds in declared["functions"].items():
        returns, *parameters = kinds.split(", ")
        out.append(f"{declarator(returns, name)}({', '.join(parameters) or 'void'});")
    out += ["]]", "", "return {"]
    out += [f"    {name.removeprefix('WS_')} = {value}," for name, value in declared["constants"].items()]
    return "\n".join(out + ["}", ""])


SIMPLE = {"uint32_t": "unsigned int", "int32_t": "int", "uint64_t": "unsigned long long", "int64_t": "long long",
          "size_t": "size_t", "ws_handle": "unsigned long long"}


def ruby_type(kind):
    if kind.startswith("const char *"):
        return "const char *"
    return "void *" if kind.endswith(("*", "_callback")) else SIMPLE[kind]


def ruby(declared):
    """Structs and functions as Fiddle's importer parses them; structs with struct_size know theirs."""
    out = ["#" + HEAD.format("#"), "require 'fiddle/import'", "", "module Libws", "  module C", "    extend Fiddle::Importer",
           "    # The library by its path or name: LIBWS names another one.", "    dlload ENV.fetch('LIBWS', 'libws.so.0.1')", ""]
    for name, value in declared["constants"].items():
        out.append(f"    {name.removeprefix('WS_')} = {value}")
    for name, members in declared["structs"].items():
        own = "".join(part.capitalize() for part in name.removeprefix("ws_").split("_"))
        out += ["", f"    {own} = struct(["]
        for member, kind in members.items():
            array = re.fullmatch(r"char\[(\d+)\]", kind)
            out.append(f"      'char {member}[{array[1]}]'," if array else f"      '{ruby_type(kind)} {member}',".replace("const char *", "char *"))
        out.append("    ])")
        if "struct_size" in members:
            out.append(f"    def {own}.zeroed = malloc(Fiddle::RUBY_FREE).tap {{ |s| s.to_ptr[0, size] = \"\\0\" * size; s.struct_size = size }}")
    out.append("")
    for name, kinds in declared["functions"].items():
        returns, *parameters = [ruby_type(kind) for kind in kinds.split(", ")]
        out.append(f"    extern '{declarator(returns, name)}({', '.join(parameters)})'")
    return "\n".join(out + ["  end", "end", ""])


def main(declarations, check=""):
    # ws_socket is an int32_t but on Windows, for which nothing is generated.
    declared = json.loads(Path(declarations).read_text().replace("ws_socket", "int32_t"))
    here, stale = Path(__file__).parent, []
    for name, text in ("lua/libws_h.lua", lua(declared)), ("ruby/libws_h.rb", ruby(declared)):
        file = here / name
        if check and (not file.exists() or file.read_text() != text):
            stale.append(name)
        elif not check:
            file.write_text(text)
    if stale:
        sys.exit(f"FAILED: {', '.join(stale)} is stale. Write it anew:\n    bindings/scripted.py tests/ffi/declarations.json")


main(*sys.argv[1:])
