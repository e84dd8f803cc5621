# SPDX-License-Identifier: Apache-2.0
"""Other work on the machine while something is measured."""
import contextlib
import subprocess
import sys

# Computes, and goes through the caches as it does; ends with the end of its input, which is ours.
WORK = """
import select, sys, zlib
data = bytes(8 << 20)
while not select.select([sys.stdin], [], [], 0)[0]:
    zlib.crc32(data)
"""


@contextlib.contextmanager
def busy(count):
    """So many processes that want a processor each."""
    with contextlib.ExitStack() as all_of_them:
        for _ in range(count):
            worker = all_of_them.enter_context(subprocess.Popen([sys.executable, "-c", WORK], stdin=subprocess.PIPE))
            all_of_them.callback(worker.stdin.close)  # before it is waited for
        yield
