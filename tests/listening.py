# SPDX-License-Identifier: Apache-2.0
"""Who listens at a port: for tests that must tell a foreign program its port beforehand.
Somebody else may take a port that was free before the program has it."""
import contextlib
import os


def listens(pids, port):
    """Whether one of the processes listens at the port; of whom else does nothing is said."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(table) as f:
            for line in f.readlines()[1:]:
                fields = line.split()
                if fields[3] == "0A" and int(fields[1].split(":")[1], 16) == port:
                    inodes.add(f"socket:[{fields[9]}]")
    for pid in pids:
        with contextlib.suppress(OSError):
            for fd in os.listdir(f"/proc/{pid}/fd"):
                with contextlib.suppress(OSError):
                    if os.readlink(f"/proc/{pid}/fd/{fd}") in inodes:
                        return True
    return False
