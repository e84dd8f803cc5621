# SPDX-License-Identifier: Apache-2.0
"""On what a run was made."""
import datetime
import os
import platform
import re
import subprocess
from pathlib import Path


def first(pattern, path):
    found = re.search(pattern, Path(path).read_text(), re.M)
    return found.group(1).strip() if found else "unknown"


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        return ""


def machine(descriptors):
    """Facts by name, in order."""
    packages = output("dpkg-query", "-W", "-f", "${Package} ${Version}\n", "libwebsockets-dev", "libboost-dev", "python3-websockets")
    return {
        "date": datetime.date.today().isoformat(),
        "commit": output("git", "describe", "--always", "--dirty", "--abbrev=12") or "unknown",
        "processor": first(r"^model name\s*:\s*(.*)$", "/proc/cpuinfo") + f", {os.cpu_count()} seen",
        "memory": f"{int(first('^MemTotal: *([0-9]+)', '/proc/meminfo')) >> 20} GiB",
        "kernel": platform.release(),
        "system": first(r'^PRETTY_NAME="?([^"\n]*)', "/etc/os-release"),
        "Go": output("go", "env", "GOVERSION"),
        "gcc": output("gcc", "-dumpfullversion"),
        "node": output("node", "--version"),
        "Java": output("java", "--version").split("\n")[0],
        "packages": packages.replace("\n", ", "),
        "descriptors": str(descriptors),
    }

