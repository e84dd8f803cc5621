#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# target.sh TARGET DIR: a compiler and a toolchain file for CMake (DIR/toolchain.cmake), with
# what the tests need beside a libc: headers of the kernel, OpenSSL's static libraries.
#
#   musl        x86-64, the machine's own musl-gcc
#   musl-new    x86-64, the musl of a newer Debian, which is that of Alpine 3.20 and later
#   arm64       arm64, glibc; programs run by qemu-user
#   musl-arm64  arm64, musl; programs run by qemu-user
#   old, old-arm64  glibc 2.17, by zig's compiler, which has the symbols of each version of glibc; what is
#               released is built by it. How its programs run the caller says (tests/packages)
#
# Packages for other systems than this one are downloaded and unpacked in DIR (fetch.sh). What is there
# already is left alone.
set -euo pipefail
target=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
cd "$2"
dir=$PWD
[ ! -e toolchain.cmake ] || exit 0

. "$here/fetch.sh"

# kernel_headers DIRECTORY: what musl has no headers of.
kernel_headers() {
    mkdir -p include
    ln -sfn /usr/include/linux include/linux
    ln -sfn /usr/include/asm-generic include/asm-generic
    ln -sfn "$1/asm" include/asm
}

# openssl_of INCLUDE TRIPLET LIBRARIES
openssl_of() {
    mkdir -p openssl lib
    cp -r "$1/openssl" openssl/
    cp "$1/$2/openssl/"* openssl/openssl/
    cp "$3/libssl.a" "$3/libcrypto.a" lib/
}

# unpacked_musl CPU TRIPLET COMPILER...: a compiler for the musl in DIR/sys, whose programs are run by it.
unpacked_musl() {
    local cpu=$1 triplet=$2 sys=$dir/sys
    shift 2
    local libraries=$sys/usr/lib/$triplet libc
    libc=$(find "$sys" -name libc.so -type f -size +100k -print -quit)
    ln -sfn "$libc" "$sys/ld-musl-$cpu.so.1"
    [ "$libc" -ef "$libraries/libc.so" ] || ln -sfn "$libc" "$libraries/libc.so"
    local specs
    specs=$(find "$sys" -name 'musl-gcc.specs' -print -quit)
    sed -e "s#/usr/include/$triplet#$sys&#g; s#/usr/lib/$triplet#$sys&#g" \
        -e "s#/lib/ld-musl-$cpu.so.1#$sys/ld-musl-$cpu.so.1#g" "$specs" >musl.specs
    printf '#!/bin/sh\nexec %s "$@" -specs %s/musl.specs\n' "$*" "$dir" >cc
    chmod +x cc
}

# zig_of CPU: cc, ar and ranlib for glibc 2.17; zig comes from PyPI, by its hash.
zig_of() {
    local name zig=$dir/zig/ziglang/zig told='# +-fdebug-compilation-dir=.'
    python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --no-deps --target zig --require-hashes -r "$here/zig.txt"
    # What zig itself compiles of libc goes into the library with debug information, which would name this directory; zig has
    # no option against it, but clang takes some from a variable, in which paths cannot have blanks. Zig's cache is here,
    # as that of the user may have the same objects from another directory.
    [ "$zig" != "${zig% *}" ] || told="$told +-ffile-prefix-map=${zig%/*}=zig"
    {
        printf '#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR="%s/cache" CCC_OVERRIDE_OPTIONS="%s"\n' "$dir" "$told"
        # Without -O zig adds the sanitizer of undefined behaviour, with 33 KB of TLS for each thread.
        printf 'exec "%s" cc -target %s-linux-gnu.2.17 -fno-sanitize=undefined "$@"\n' "$zig" "$1"
    } >cc
    for name in ar ranlib; do printf '#!/bin/sh\nexec "%s" %s "$@"\n' "$zig" "$name" >$name; done
    chmod +x cc ar ranlib
}

# toolchain CPU COMPILER EMULATOR [LINE...]
toolchain() {
    {
        if [ -n "$3" ]; then # a dash: another system, but no emulator is needed or known here
            printf 'set(CMAKE_SYSTEM_NAME Linux)\nset(CMAKE_SYSTEM_PROCESSOR %s)\n' "$1"
            [ "$3" = - ] || printf 'set(CMAKE_CROSSCOMPILING_EMULATOR "%s")\n' "$3"
        fi
        printf 'set(CMAKE_C_COMPILER "%s")\n' "$2"
        [ $# = 3 ] || printf '%s\n' "${@:4}"
        printf 'set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)\nset(WS_TEST_SYSROOT "%s" CACHE PATH "")\n' "$dir"
    } >toolchain.part
    mv toolchain.part toolchain.cmake
}

objcopy_arm64='set(CMAKE_OBJCOPY aarch64-linux-gnu-objcopy)'

case $target in
musl)
    kernel_headers /usr/include/x86_64-linux-gnu
    openssl_of /usr/include x86_64-linux-gnu /usr/lib/x86_64-linux-gnu
    toolchain x86_64 musl-gcc ""
    ;;
musl-new)
    fetch amd64 trixie musl musl-dev
    fetch amd64 - musl-tools
    unpacked_musl x86_64 x86_64-linux-musl gcc
    kernel_headers /usr/include/x86_64-linux-gnu
    openssl_of /usr/include x86_64-linux-gnu /usr/lib/x86_64-linux-gnu
    toolchain x86_64 "$dir/cc" ""
    ;;
arm64)
    fetch arm64 - libssl-dev
    openssl_of sys/usr/include aarch64-linux-gnu sys/usr/lib/aarch64-linux-gnu
    toolchain aarch64 aarch64-linux-gnu-gcc "qemu-aarch64;-L;/usr/aarch64-linux-gnu"
    ;;
musl-arm64)
    fetch arm64 - libssl-dev musl musl-dev
    # -mno-outline-atomics: the helpers of libgcc want glibc.
    unpacked_musl aarch64 aarch64-linux-musl aarch64-linux-gnu-gcc -mno-outline-atomics
    kernel_headers /usr/aarch64-linux-gnu/include
    openssl_of sys/usr/include aarch64-linux-gnu sys/usr/lib/aarch64-linux-gnu
    toolchain aarch64 "$dir/cc" qemu-aarch64 "$objcopy_arm64"
    ;;
old)
    zig_of x86_64
    openssl_of /usr/include x86_64-linux-gnu /usr/lib/x86_64-linux-gnu
    toolchain x86_64 "$dir/cc" - "set(CMAKE_AR \"$dir/ar\")" "set(CMAKE_RANLIB \"$dir/ranlib\")"
    ;;
old-arm64)
    zig_of aarch64
    fetch arm64 - libssl-dev
    openssl_of sys/usr/include aarch64-linux-gnu sys/usr/lib/aarch64-linux-gnu
    toolchain aarch64 "$dir/cc" - "set(CMAKE_AR \"$dir/ar\")" "set(CMAKE_RANLIB \"$dir/ranlib\")" "$objcopy_arm64"
    ;;
*)
    echo "target.sh: no target $target" >&2
    exit 2
    ;;
esac
