#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes and offsets of all public structs, on systems of 64 and of 32 bits.

    layout.py INCLUDE_DIRECTORY COMPILER [--write]

Compares what the compiler makes of the headers with layout.txt beside this file, or writes
that. On systems of 64 bits no struct may have a hole. Nothing is run: the numbers are read
from the assembly, so a compiler that can make code for 32 bits is enough, without libraries
for it. Where it cannot, those are left alone.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "ffi"))
from header import structs, without_comments  # noqa: E402

TABLE = HERE / "layout.txt"
HEAD = """# Sizes and offsets of all public structs, in bytes: on systems of 64 bits, on systems of 32
# bits (i386; where int64_t is aligned to 8 bytes some differ). tests/abi/layout.py writes and checks it. From 1.0
# on no line may change; new members come behind the last one, which makes a struct larger.
"""


def rows(include):
    text = "".join(without_comments((Path(include) / "libws" / name).read_text())
                   for name in ("ws_types.h", "ws_options.h", "ws_server_options.h", "ws_relay.h"))
    for struct, members in structs(text):
        yield struct, f"sizeof({struct})"
        for _, member in members:
            yield f"  {member}", f"offsetof({struct}, {member})"


def numbers(include, compiler, bits):
    """What the expressions are, or None when the compiler has no such system."""
    with tempfile.TemporaryDirectory() as work:
        # The header wants it for memset; where there are no libraries for 32 bits there is no file either.
        Path(work, "string.h").write_text("void *memset(void *, int, __SIZE_TYPE__);\n")
        lines = "".join(f'    __asm__ volatile("\\n==%c0" : : "i"({expression}));\n' for _, expression in rows(include))
        Path(work, "rows.c").write_text(f"#include <libws/ws.h>\nvoid rows(void);\nvoid rows(void)\n{{\n{lines}}}\n")
        done = subprocess.run([compiler, f"-m{bits}", "-ffreestanding", *(["-Werror=padded"] if bits == 64 else []), "-isystem", work, "-I", include, "-S", "-o", "-",
                               Path(work, "rows.c")], capture_output=True, text=True)
        if done.returncode:
            return None if bits == 32 else sys.exit(done.stderr)
        return re.findall(r"^==\$?(\d+)", done.stdout, re.M)


def main(include, compiler, *write):
    wide, narrow = (numbers(include, compiler, bits) for bits in (64, 32))
    names = [name for name, _ in rows(include)]
    if narrow is None:
        print("the compiler makes no code for 32 bits: only those for 64 are compared")
        narrow = [""] * len(names)
    assert len(names) == len(wide) == len(narrow) > 100
    found = HEAD + "".join(f"{name:36} {w:>5} {n:>5}".rstrip() + "\n" for name, w, n in zip(names, wide, narrow))
    if write:
        TABLE.write_text(found)
        return
    kept = TABLE.read_text()
    if not any(narrow):
        kept = "".join(line if line.startswith("#") else re.sub(r"\s+\d+$", "", line) for line in kept.splitlines(True))
        kept = "\n".join(line.rstrip() for line in kept.splitlines()) + "\n"
    for old, new in zip(kept.splitlines() + [""] * 999, found.splitlines()):
        if old != new:
            sys.exit(f"layout.txt has\n{old}\nand the headers make it\n{new}\nIf the change is wanted: layout.py {include} {compiler} --write")
    if kept != found:
        sys.exit("layout.txt has more lines than the headers have members")
    print(f"{len(names)} sizes and offsets are as they were")


main(*sys.argv[1:])
