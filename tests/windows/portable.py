#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""portable.py: the C tests that are for Windows, all but those of cannot.txt, want no header and no call that is not there. What
test-long would say an hour later, when it compiles them."""
import pathlib
import re
import sys

here = pathlib.Path(__file__).resolve().parent
tests = here.parent / "c"
MINGW = set("dirent.h errno.h fcntl.h limits.h pthread.h sched.h signal.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h "
            "stdlib.h string.h sys/stat.h sys/time.h sys/types.h time.h unistd.h math.h inttypes.h ctype.h assert.h wchar.h".split())
OURS = {str(path.relative_to(here / "include")) for path in (here / "include").rglob("*.h")}
CALLS = re.compile(r"\b(fork|vfork|waitpid|kill|mmap|munmap|makecontext|sigaction|setrlimit)\(")


def read(path, seen):
    """The file and what it includes of the kit; comments are taken out."""
    if path in seen or not path.exists():
        return
    seen[path] = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    for name in re.findall(r'^#include "(.*?)"', seen[path], re.M):
        read(tests / name, seen)


cannot = set(re.findall(r"^([a-z]\w*):", (here / "cannot.txt").read_text(), re.M))
wrong, count = [], 0
for source in sorted(tests.glob("*.c")):
    if source.stem in cannot or source.stem == "t_secure":  # which tests/windows has for itself
        continue
    count += 1
    files = {}
    read(source, files)
    for path, text in files.items():
        text = re.sub(r"^#ifndef _WIN32$.*?^#endif$", "", text, flags=re.S | re.M)
        for header in re.findall(r"^#include <(.*?)>", text, re.M):
            if header not in MINGW | OURS and not header.startswith("libws/"):
                wrong.append(f"{source.stem}: {path.name} includes <{header}>")
        wrong += [f"{source.stem}: {path.name} calls {call}" for call in CALLS.findall(text)]
if wrong or not count:
    sys.exit("not for Windows: tests/windows/cannot.txt names such tests, with a reason\n" + "\n".join(sorted(set(wrong))))
print(f"{count} files of tests/c are for Windows, {len(cannot)} are not")
