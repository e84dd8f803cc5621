# SPDX-License-Identifier: Apache-2.0
"""Makes libws/_native.abi3.so by cffi: ws.h as Python calls it, linked with the libws.so in libws/.

One file for CPython 3.9 and all that follow (the limited API). LIBWS_INCLUDE is the directory of
libws/ws.h; wheel.sh sets it, and puts the library where it belongs.
"""
import os
from pathlib import Path

import cffi

here = Path(__file__).resolve().parent
library = next((here / "libws").glob("libws.so.*"))
ffi = cffi.FFI()
ffi.cdef((here / "libws" / "_declarations.h").read_text())
ffi.set_source(
    "libws._native", "#include <libws/ws.h>",
    include_dirs=[os.environ.get("LIBWS_INCLUDE", str(here.parent.parent / "include"))],
    extra_objects=[str(library)], extra_compile_args=["-O2", "-g0"],
    extra_link_args=["-Wl,-rpath,$ORIGIN", "-Wl,--disable-new-dtags"], py_limited_api=True)
