#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# wheel.sh TOOLS LIBRARY INSTALLED WHEELS: makes the wheel, checks its form, and installs it where nothing else is and
# nothing can be downloaded; the examples run there, and nothing of this tree is loaded by them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$1
library=$2
installed=$3
wheels=$4

fail() {
    echo "FAILED: $*"
    exit 1
}

rm -rf "$installed" "$wheels"
# As a reader of the page calls it, by paths from where he is.
(cd "$tools" && bash "$here/../wheel.sh" bin/python "$library" "$(realpath -m --relative-to=. "$wheels")" auto 2>"$wheels.log") || { cat "$wheels.log"; fail "wheel.sh"; }
wheel=$(echo "$wheels"/libws-*.whl)
[[ $wheel =~ -cp39-abi3-manylinux_2_[0-9]+_[a-z0-9_]+[.]whl$ ]] || fail "$wheel is not for all of CPython from 3.9 on"
contents=$("$tools/bin/python" -m zipfile -l "$wheel")
for file in libws/__init__.py libws/sync.py libws/py.typed libws/_native.abi3.so libws/libws.so.0 licenses/LICENSE licenses/THIRD_PARTY.md; do
    grep -F "$file" <<<"$contents" >/dev/null || fail "$file is not in the wheel"
done

"$tools/bin/python" -m venv --without-pip "$installed"
python=$installed/bin/python
pip() { "$tools/bin/python" -m pip --python "$python" --quiet --disable-pip-version-check "$@"; }
pip install --no-index --find-links "$tools/wheels" "$wheel"
pip check
ln -s "$("$python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')" "$installed/site"
rpath=$(readelf -d "$installed/site/libws/_native.abi3.so" | sed -n 's/.*RPATH.*\[\(.*\)\].*/\1/p')
[ "$rpath" = '$ORIGIN' ] || fail "the extension looks for the library in '$rpath'"
cd "$installed"
unset PYTHONPATH LD_LIBRARY_PATH
for example in hello hello_threads; do
    said=$("$python" -B -X dev -W error "$here/../examples/$example.py")
    for line in 'on messageReceive, data:Hello, server!' 'on message, message:bye' 'on close, code is 1000, reason is done'; do
        grep -xF "$line" <<<"$said" >/dev/null || { echo "$said"; fail "$example did not say '$line'"; }
    done
    echo "$said"
done
mapped=$("$python" -c 'import libws; print(*{line.split()[-1] for line in open("/proc/self/maps") if "libws" in line}, sep="\n")')
while read -r file; do
    [[ $file = "$installed"/* ]] || fail "$file is loaded, which is not of the wheel"
done <<<"$mapped"
ls -l "$wheel"
