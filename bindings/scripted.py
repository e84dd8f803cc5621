#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what Lua and Ruby declare of libws: bindings/lua/libws_h.lua and bindings/ruby/libws_h.rb.

    scripted.py            writes them, from tests/ffi/declarations.json
    scripted.py --check    status 1 when they are stale
"""
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests/ffi"))
sys.dont_write_bytecode = True
from declared import Declared, declarator, pascal, write_or_check  # noqa: E402

HEAD = " SPDX-License-Identifier: Apache-2.0\n{} Generated from tests/ffi/declarations.json by bindings/scripted.py; do not edit.\n"


def lua(declared):
    """C text for ffi.cdef, as LuaJIT reads it."""
    out = ["--" + HEAD.format("--"), "local ffi = require('ffi')", "ffi.cdef[[", declared.c_text() + "]]", "", "return {"]
    out += [f"    {name.removeprefix('WS_')} = {value}," for name, value in declared.constants.items()]
    return "\n".join(out + ["}", ""])


SIMPLE = {"uint32_t": "unsigned int", "int32_t": "int", "ws_socket": "int", "uint64_t": "unsigned long long",
          "int64_t": "long long", "size_t": "size_t", "ws_handle": "unsigned long long"}


def ruby_type(kind):
    return "const char *" if kind == "const char *" else SIMPLE.get(kind, "void *")  # all others are pointers


def ruby(declared):
    """Structs and functions as Fiddle's importer parses them; structs with struct_size know theirs."""
    out = ["#" + HEAD.format("#"), "require 'fiddle/import'", "", "module Libws", "  module C", "    extend Fiddle::Importer",
           "    # The library by its path or name: LIBWS names another one.", "    dlload ENV.fetch('LIBWS', 'libws.so.0.1')", ""]
    for name, value in declared.constants.items():
        out.append(f"    {name.removeprefix('WS_')} = {value}")
    for name, members in declared.structs.items():
        own = pascal(name.removeprefix("ws_"))
        out += ["", f"    {own} = struct(["]
        for member, kind in members.items():
            array = re.fullmatch(r"char\[(\d+)\]", kind)
            out.append(f"      'char {member}[{array[1]}]'," if array else f"      '{ruby_type(kind)} {member}',".replace("const char *", "char *"))
        out.append("    ])")
        if "struct_size" in members:
            out.append(f"    def {own}.zeroed = malloc(Fiddle::RUBY_FREE).tap {{ |s| s.to_ptr[0, size] = \"\\0\" * size; s.struct_size = size }}")
    out.append("")
    for name, kinds in declared.functions.items():
        returns, *parameters = [ruby_type(kind) for kind in kinds.split(", ")]
        out.append(f"    extern '{declarator(returns, name)}({', '.join(parameters)})'")
    return "\n".join(out + ["  end", "end", ""])


def main(*arguments):
    declared = Declared()
    write_or_check({"lua/libws_h.lua": lua(declared), "ruby/libws_h.rb": ruby(declared)}, HERE, "--check" in arguments, "bindings/scripted.py")


main(*sys.argv[1:])
