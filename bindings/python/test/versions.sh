#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# versions.sh WHEELS TARGET: installs the wheel in each CPython from 3.9 on that is on this machine, in PATH or
# pyenv's, with cffi from PyPI, and runs the examples and tests there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
wheel=$(echo "$1"/libws-*.whl)
mkdir -p "$2"
target=$(cd "$2" && pwd)
found=0
for minor in 9 10 11 12 13 14; do
    python=
    for each in "$(command -v "python3.$minor" || true)" /usr/bin/python3.$minor ~/.pyenv/versions/3.$minor.*/bin/python; do
        if [ -x "$each" ] && "$each" -c "import sys, ensurepip; assert sys.version_info[1] == $minor" 2>/dev/null; then
            python=$each
            break
        fi
    done
    if [ -z "$python" ]; then
        echo "CPython 3.$minor: not on this machine, not run"
        continue
    fi
    rm -rf "$target/3.$minor"
    "$python" -m venv "$target/3.$minor"
    "$target/3.$minor/bin/python" -m pip --quiet --disable-pip-version-check install "$wheel"
    for script in ../examples/hello ../examples/hello_threads messages closing errors pressure servers threads; do
        said=$("$target/3.$minor/bin/python" -B "$here/$script.py" 2>&1) || { echo "$said"; echo "FAILED: CPython 3.$minor, $script"; exit 1; }
    done
    echo "CPython $("$target/3.$minor/bin/python" -c 'import sys, cffi; print(sys.version.split()[0], "with cffi", cffi.__version__)'): runs"
    found=$((found + 1))
done
[ "$found" -gt 0 ]
