#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The flags of declarations.json are those that the library takes.

    flags.py LIBRARY

Asked for all flags at once a call names those that it knows, and capi/shape.c has them by name.
"""
import ctypes
import re
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent / "python")]
import ws  # noqa: E402
from declared import Declared  # noqa: E402

declared = Declared()
shape = (Path(__file__).parent.parent.parent / "capi" / "shape.c").read_text()
taken = {m[1]: sorted(re.findall(r"WS_\w+", m[2])) for m in re.finditer(r"FLAGS\((ws_\w+),(.*?)\)[,}]", shape, re.S)}
given = {name: sorted(flags) for name, flags in declared.flags.items()}
assert given == taken, f"flags that differ: {dict(set((k, str(v)) for k, v in given.items()) ^ set((k, str(v)) for k, v in taken.items()))}"

library = ws.load(sys.argv[1])
asked = 0
for name, call in {"ws_create_options": library.create, "ws_queue_options": library.queue_create,
                   "ws_server_options": library.server_create}.items():
    assert call(ws.make(name, flags=(1 << 32) - 1)) == 0
    known = int(re.search(rb"known are (0x[0-9a-f]+)", library.last_error())[1], 16)
    assert known == sum(declared.constants[flag] for flag in declared.flags[name]), (name, hex(known))
    asked += 1
for name, members in declared.structs.items():  # ws_server_listener only tells its flags
    assert "flags" not in members or name in declared.flags or name == "ws_listener_info", name
print(f"{len(given)} structs, of which {asked} were asked")
