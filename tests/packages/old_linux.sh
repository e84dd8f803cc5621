#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# old_linux.sh WORK: the library that is released, and C tests for the same glibc, on the oldest one that a mirror
# has: Ubuntu 16.04's 2.23, else Debian 11's 2.31. On arm64 that of Debian 11, by qemu-user. Inline on epoll.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
work=$(cd "$1" && pwd)
suite=xenial
if ! tests/packages/root.sh $suite "$work/roots/$suite"; then
    echo "old_linux.sh: no mirror of $suite; bullseye is tried"
    suite=bullseye
    tests/packages/root.sh $suite "$work/roots/$suite"
fi

# build TARGET EMULATOR
build() {
    tests/targets/target.sh "$1" "build-$1/toolchain"
    cmake -S . -B "build-$1" -DCMAKE_TOOLCHAIN_FILE="$PWD/build-$1/toolchain/toolchain.cmake" -DWS_SEPARATE_DEBUG=ON \
        "-DCMAKE_CROSSCOMPILING_EMULATOR=$2" >"$work/configured-$1"
    cmake --build "build-$1" --parallel "$(nproc)" --target ws_go examples "${@:3}" >"$work/built-$1" || { tail -30 "$work/built-$1" && exit 1; }
    tests/abi/glibc.sh readelf 2.28 "build-$1/libws.so" "build-$1/libnet_websocket.so" "build-$1/examples_c/hello"
}

build old "$PWD/tests/packages/in_root.sh;$work/roots/$suite;--bind;/tmp" linked_tests target_tests
root=(tests/packages/in_root.sh "$work/roots/$suite")
"${root[@]}" /bin/sh -c '/lib/x86_64-linux-gnu/libc.so.6 | sed -n 1p'
"${root[@]}" build-old/examples_c/hello
ctest --test-dir build-old -j4 --output-on-failure -L '^(inline|target|ndk)$' -E '[.](goroutine|tls)'
ctest --test-dir build-old -j4 --output-on-failure -R '^(certs|tls_|echo_sizes[.]tls|ndk_verification_tls)' -E '[.]goroutine'

dir=$work/arm64
mkdir -p "$dir"
. tests/targets/fetch.sh
[ -e "$dir/sys" ] || (cd "$dir" && fetch arm64 bullseye libc6 libgcc-s1 >"$dir/log" 2>&1) || { tail -5 "$dir/log" && exit 1; }
build old-arm64 "qemu-aarch64;-L;$dir/sys" c_echo_sizes c_compression c_cookies_are_kept c_close_handshake c_topics c_queue_poll_gathers
qemu-aarch64 -L "$dir/sys" "$dir/sys/lib/aarch64-linux-gnu/libc.so.6" | sed -n 1p
qemu-aarch64 -L "$dir/sys" build-old-arm64/examples_c/hello
ctest --test-dir build-old-arm64 -j4 --output-on-failure -R '^(certs|(echo_sizes|compression|cookies_are_kept|close_handshake|topics|queue_poll_gathers)([.]tls)?)$'
