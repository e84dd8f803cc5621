#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes Libws.Native.cs: constants, functions, options and the event of C for C#.

    generate.py             writes
    generate.py --check     status 1 when it is stale
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "tests/ffi"))
sys.dont_write_bytecode = True
import declared  # noqa: E402
from declared import pascal  # noqa: E402

HEAD = """// SPDX-License-Identifier: Apache-2.0
// Generated from tests/ffi/declarations.json by bindings/csharp/generate.py; do not edit.
using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Libws
{"""
LEFT_OUT = {"user_data", "queue", "log", "log_user_data"}  # the binding's own, and callbacks on threads of Go
NAMES = {"ws_certificate": "Certificate", "ws_response": "Response", "ws_listener": "ListenAt"}
PLAIN = {"int32_t": "int", "uint32_t": "uint", "int64_t": "long", "uint64_t": "ulong", "ws_handle": "ulong",
         "size_t": "UIntPtr", "ws_socket": "int"}


def name_of(struct):
    return NAMES.get(struct, pascal(struct.removeprefix("ws_")))


def kind_of(kind):
    return PLAIN.get(kind, "IntPtr")  # all others are pointers


def functions(d):
    out = ["    internal static class Native", "    {"]
    for name, signature in d.functions.items():
        result, *parameters = [kind_of(p.strip()) for p in signature.split(", ")]
        given = ", ".join(f"{k} p{i}" for i, k in enumerate(parameters))
        out += ["        [DllImport(\"libws\", CallingConvention = CallingConvention.Cdecl)]",
                f"        internal static extern {result} {name}({given});"]
    return out + ["    }"]


def sequential(s, own, visible):
    """A struct of C as it lies in memory."""
    out = ["    [StructLayout(LayoutKind.Sequential)]", f"    {visible} struct {own}", "    {"]
    for member, kind in s.members.items():
        if kind.startswith("char["):
            out += [f"        [MarshalAs(UnmanagedType.ByValArray, SizeConst = {declared.size_of(kind)[0]})] public byte[] {member};"]
        else:
            out.append(f"        public {kind_of(kind)} {member};")
    return out + ["    }"]


def option(s):
    own = name_of(s.name)
    out = [f"    /// <summary>{s.name}: what each member means stands beside it in the C headers; 0 and null are the default.</summary>",
           f"    public sealed class {own} : Options", "    {", f"        internal const int Size = {s.size};"]
    writes = []
    for m in s.places:
        if m.name in LEFT_OUT:
            continue
        n, at = pascal(m.name), f"at + {m.offset}"
        if m.what in ("int", "long"):
            kind, call = ("int", "Int32") if m.what == "int" else ("long", "Int64")
            writes.append(f"Marshal.Write{call}({at}, {n});")
        elif m.what == "text":
            kind = "string"
            writes.append(f"Marshal.WriteIntPtr({at}, memory.Text({n}));")
        elif m.what == "bytes":
            kind = "byte[]"
            writes += [f"Marshal.WriteIntPtr({at}, memory.Bytes({n}));",
                       f"Marshal.WriteInt64(at + {m.count}, {n} == null ? 0 : {n}.Length);"]
        elif m.what == "struct":
            kind = name_of(m.of)
            writes.append(f"Marshal.WriteIntPtr({at}, memory.Struct({n}));")
        elif m.what == "array":
            kind, call = {"ws_header": ("List<KeyValuePair<string, string>>", "Fields"), "int32_t": ("int[]", "Ints")}.get(
                m.of, (f"{name_of(m.of)}[]", "Structs"))
            count = f"{n} == null ? 0 : {n}.{'Count' if call == 'Fields' else 'Length'}"
            writes += [f"Marshal.WriteIntPtr({at}, memory.{call}({n}));",
                       f"Marshal.WriteInt{8 * m.count_size}(at + {m.count}, {count});"]
        else:
            sys.exit(f"generate.py: what is {s.name}.{m.name}?")
        out.append(f"        public {kind} {n} {{ get; set; }}")
    out += ["        internal override int SizeOf => Size;", "        internal override void Write(CallMemory memory, IntPtr at)", "        {",
            "            Marshal.WriteInt32(at, Size);"]
    out += [f"            {w}" for w in writes] + ["        }"]
    if any(m.name == "queue" for m in s.places):
        out.append(f"        internal const int QueueAt = {s.offset['queue']};")
    return out + ["    }"]


def text(d):
    out = [HEAD, "    /// <summary>Every constant of the C headers, by its name there.</summary>", "    public static class Ws", "    {"]
    out += [f"        public const int {n} = {v};" for n, v in d.constants.items()]
    out += ["    }", "", *functions(d), "", *sequential(d.layout("ws_event"), "NativeEvent", "internal")]
    for name in d.options():
        out += ["", *option(d.layout(name))]
    for name in d.filled():
        out += ["", f"    /// <summary>{name}, member by member.</summary>", *sequential(d.layout(name), name_of(name) + "Facts", "public")]
    return "\n".join(out + ["}", ""])


def main(*arguments):
    d = declared.Declared()
    declared.write_or_check({"Libws.Native.cs": text(d)}, HERE, "--check" in arguments, "bindings/csharp/generate.py")


main(*sys.argv[1:])
