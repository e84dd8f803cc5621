#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# musl.sh TOOLS LIBRARY DIRECTORY: makes the wheel for musl of LIBRARY, and runs the examples and tests in a CPython for
# musl as it was installed there. That CPython is made in DIRECTORY, once: musl-gcc compiles what Debian has of its source.
# TOOLS is the environment of requirements.txt.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tools=$(cd "$1" && pwd)
library=$(realpath "$2")
mkdir -p "$3"
dir=$(cd "$3" && pwd)
. "$here/../../../tests/targets/fetch.sh"
minor=$("$tools/bin/python" -c 'import sys; print(sys.version_info[1])')
source=$dir/python3.$minor

make_python() {
    rm -rf "$source"
    mkdir "$source"
    fetch_source "$(. /etc/os-release && echo "$VERSION_CODENAME")" "python3.$minor"
    tar xf "$dir"/python3."$minor"_*.orig.tar.* -C "$source" --strip-components 1
    # What configure asks musl's compiler; musl-gcc says what glibc's says.
    printf '#!/bin/sh\n[ "$1" != --print-multiarch ] || { echo x86_64-linux-musl; exit; }\nexec musl-gcc "$@"\n' >"$dir/cc"
    chmod +x "$dir/cc"
    cd "$source"
    ./configure -q CC="$dir/cc" --build=x86_64-linux-musl --host=x86_64-linux-musl --with-pkg-config=no --without-ensurepip \
        --disable-test-modules
    # Its modules inside the program: setup.py, which makes them otherwise, would take headers of glibc.
    sed -e 's/^\*shared\*/*static*/' -e '/^xxlimited/d' Modules/Setup.stdlib >Modules/Setup.local
    make -s Makefile
    make -s -j"$(nproc)" python pybuilddir.txt
    touch made
}

if [ ! -e "$source/made" ]; then
    (make_python) >"$dir/python.log" 2>&1 || { tail -n 30 "$dir/python.log"; echo "FAILED: a CPython for musl, see $dir/python.log"; exit 1; }
fi

CC=musl-gcc bash "$here/../wheel.sh" "$tools/bin/python" "$library" "$dir/wheels" musllinux_1_2_x86_64 2>"$dir/wheel.log" >/dev/null ||
    { cat "$dir/wheel.log"; echo "FAILED: wheel.sh"; exit 1; }
rm -rf "$dir/site"
"$tools/bin/python" -m pip --quiet --disable-pip-version-check install --target "$dir/site" --platform musllinux_1_2_x86_64 \
    --implementation cp --python-version "3.$minor" --abi "cp3$minor" --abi abi3 --only-binary :all: \
    --constraint "$here/requirements.txt" "$dir"/wheels/libws-*.whl
unset LD_LIBRARY_PATH
export PYTHONPATH=$dir/site
loaded=$("$source/python" -c 'import libws; print(*sorted({line.split()[-1] for line in open("/proc/self/maps") if ".so" in line}))')
[[ $loaded == *musl*libc.so* && $loaded == *"$dir/site/libws/libws.so."* && $loaded != *libc.so.6* ]] || { echo "FAILED: loaded are $loaded"; exit 1; }
for script in ../examples/hello ../examples/hello_threads messages closing errors pressure servers threads; do
    said=$("$source/python" -B "$here/$script.py" 2>&1) || { echo "$said"; echo "FAILED: CPython for musl, $script"; exit 1; }
done
echo "CPython $("$source/python" -c 'import sys, cffi; print(sys.version.split()[0], "for musl, with cffi", cffi.__version__)'): runs"
