# SPDX-License-Identifier: Apache-2.0
"""libws for Python by ctypes, made from declarations.json.

CDLL gives up the interpreter's lock during a call, so callbacks of the library's
threads can run meanwhile. (PyDLL does not: a call that waits would wait for ever.)
"""
import ctypes
import json
import subprocess
import sys
from ctypes import POINTER, Structure, c_char, c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

DECLARED = json.loads((Path(__file__).parent.parent / "declarations.json").read_text())

# ---- types ---------------------------------------------------------------------

SOCKET = c_size_t if sys.platform == "win32" else c_int32  # ws_socket
# user_data is an integer here: libws never looks at it. ctypes gives c_void_p as int, 0 as None.
TYPES = {
    "int32_t": c_int32, "uint32_t": c_uint32, "int64_t": c_int64, "uint64_t": c_uint64, "size_t": c_size_t,
    "ws_handle": c_uint64, "ws_socket": SOCKET, "const char *": c_char_p, "char *": c_char_p,
    "void *": c_void_p, "const void *": c_void_p,
    "void * *": POINTER(c_void_p), "const void * *": POINTER(c_void_p), "int32_t *": POINTER(c_int32), "uint64_t *": POINTER(c_uint64),
    "size_t *": POINTER(c_size_t), "ws_handle *": POINTER(c_uint64), "ws_socket *": POINTER(SOCKET),
}


def ctype(name, member=False):
    """The type of a parameter or member. Pointers in structs are addresses."""
    if member and name.endswith("*") and name != "const char *":
        return c_void_p
    if name.endswith("_callback"):
        return c_void_p
    if name.startswith("char["):
        return c_char * int(name[5:-1])
    return TYPES[name]


def struct(name):
    """The struct of that name. Those with struct_size have it set: Stats().struct_size."""
    members = DECLARED["structs"][name]

    def begin(self, **values):
        if "struct_size" in members:
            values["struct_size"] = ctypes.sizeof(self)
        Structure.__init__(self, **values)

    made = type(name, (Structure,), {"_fields_": [(m, ctype(t, True)) for m, t in members.items()], "__init__": begin})
    TYPES[f"{name} *"] = TYPES[f"const {name} *"] = POINTER(made)
    return made


STRUCTS = {name: struct(name) for name in DECLARED["structs"]}
Event = STRUCTS["ws_event"]


def make(name, **values):
    return STRUCTS[name](**values)


# The one callback type. Keep what it makes alive as long as the library may call it.
Callback = ctypes.CFUNCTYPE(None, POINTER(Event), c_void_p)


def pointer(callback):
    """The address of a Callback."""
    return ctypes.cast(callback, c_void_p).value


# ws.EVENT_OPEN and the like
globals().update({name.removeprefix("WS_"): value for name, value in DECLARED["constants"].items()})

# ---- functions -----------------------------------------------------------------


def load(path):
    """The functions, without "ws_"."""
    library = ctypes.CDLL(path)
    functions = type("libws", (), {})()
    for name, types in DECLARED["functions"].items():
        result, *parameters = types.split(", ")
        function = getattr(library, name)
        function.restype = ctype(result)
        function.argtypes = [ctype(p) for p in parameters]
        setattr(functions, name.removeprefix("ws_"), function)
    return functions


# ---- the check against the header ------------------------------------------------


def differences(program):
    """How the declarations, and what ctypes makes of them, differ from those of the header (header.py)."""
    header = json.loads(subprocess.run([program], stdout=subprocess.PIPE, check=True, timeout=60).stdout)
    found = []

    def compare(what, ours, theirs):
        if ours != theirs:
            found.append(f"{what}: declared {ours}, in the header {theirs}")

    compare("structs", sorted(STRUCTS), sorted(header["structs"]))
    for name in STRUCTS.keys() & header["structs"].keys():
        ours, theirs = STRUCTS[name], header["structs"][name]
        compare(f"size of {name}", ctypes.sizeof(ours), theirs["size"])
        compare(f"alignment of {name}", ctypes.alignment(ours), theirs["align"])
        compare(f"members of {name}", DECLARED["structs"][name], {m: v["type"] for m, v in theirs["members"].items()})
        for member in DECLARED["structs"][name].keys() & theirs["members"].keys():
            place = getattr(ours, member)
            compare(f"offset of {name}.{member}", place.offset, theirs["members"][member]["offset"])
            compare(f"size of {name}.{member}", place.size, theirs["members"][member]["size"])
    for kind in "constants", "functions":
        for name, value in DECLARED[kind].items():
            compare(name, value, header[kind].get(name))
    return found
