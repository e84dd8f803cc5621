#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The comparison of the declarations with the header finds what has changed there.

    drift.py COMPILER INCLUDE_DIRECTORY COMMAND...    COMMAND with a program of header.py behind it compares

The headers get all changes at once, since a compiler takes longer than a comparison; each has to be found, by a name
of its own.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# file, what is replaced in it, by what, what the comparison has to name
CHANGES = [
    ("ws_options.h", r"\} ws_close_options;", "    int32_t more;\n} ws_close_options;", "size of ws_close_options"),
    ("ws_types.h", r"int32_t code;(.*?)int32_t clean;", r"int32_t clean;\1int32_t code;", "offset of ws_event.code"),
    ("ws_options.h", r"uint64_t key;", "size_t key;", "members of ws_send_options"),
    ("ws_options.h", r"uint32_t flags;    /\* WS_QUEUE_ \*/", "uint64_t flags;", "alignment|size of ws_queue_options"),
    ("ws_options.h", r"char client_ip\[64\]", "char client_ip[80]", "size of ws_connection"),
    ("ws_options.h", r"typedef struct ws_stats \{", "typedef struct ws_new { int32_t x; } ws_new;\n\\g<0>", "structs"),
    ("ws_types.h", r"#define WS_BINARY 2", "#define WS_BINARY 3", "WS_BINARY"),
    ("ws_options.h", r"\*ws_url_filter\)\(", "\\g<0>int32_t more, ", "ws_url_filter"),
    ("ws_types.h", r"#define WS_TEXT 1", "#define WS_NEWER 3\n\\g<0>", "constants"),
    ("ws.h", r"ws_destroy\(ws_handle handle\)", "ws_destroy(ws_handle handle, int32_t code)", "ws_destroy"),
    ("ws.h", r"WS_API int32_t WS_CALL ws_init\(", "WS_API int32_t WS_CALL ws_more(void);\n\\g<0>", "functions"),
]


def compare(compiler, include, directory, command):
    """Status and output of the comparison with the headers in include."""
    here = Path(__file__).parent
    source, program = Path(directory, "declarations.c"), Path(directory, "declarations")
    subprocess.run([sys.executable, "-B", here / "header.py", include, source], check=True)
    subprocess.run([compiler, "-I", include, source, "-o", program], check=True)
    done = subprocess.run([*command, program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    return done.returncode, done.stdout.decode()


def main(compiler, include, *command):
    with tempfile.TemporaryDirectory() as directory:
        status, output = compare(compiler, include, directory, command)
        assert status == 0, output
        changed = Path(directory, "include")
        shutil.copytree(include, changed)
        for file, old, new, named in CHANGES:
            header = changed / "libws" / file
            text, count = re.subn(old, new, header.read_text(), count=1, flags=re.S)
            assert count == 1, f"'{old}' is not in {file}"
            header.write_text(text)
        status, output = compare(compiler, changed, directory, command)
        missing = [named for *_, named in CHANGES if not re.search(f"^({named}): declared ", output, re.M)]
        assert status == 1 and not missing, f"status {status}, these are not named: {missing}\n{output}"
    print("ok")


main(*sys.argv[1:])
