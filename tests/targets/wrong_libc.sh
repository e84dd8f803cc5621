#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# wrong_libc.sh CC READELF SOURCE LIBRARY PROGRAM: a process of glibc, compiled by CC, loads LIBRARY, which is
# for musl. PROGRAM is one of the target, whose loader is musl's libc.
set -euo pipefail
cc=$1 readelf=$2 source=$3 library=$4 program=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$cc" -I"$source/include" "$source/tests/targets/wrong_libc.c" -o "$work/wrong_libc" -ldl

# Its own libc.so is a script for the linker, or not there.
if said=$("$work/wrong_libc" "$library" 2>&1); then
    echo "FAILED: the loader does not refuse it: $said" && exit 1
fi
grep -q libc.so <<<"$said" || { echo "FAILED: $said" && exit 1; }

libc=$("$readelf" -lW "$program" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
ln -s "$libc" "$work/libc.so"
LD_LIBRARY_PATH=$work "$work/wrong_libc" "$library"
