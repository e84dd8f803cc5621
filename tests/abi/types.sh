#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The functions and types that the headers declare are those of libws.abi beside this file, by
# libabigail. The library itself has no debug information, so a C compiler makes one out of the
# headers, with the same functions and nothing in them.
#
#   types.sh INCLUDE_DIR CC [--write]
set -euo pipefail
include=$(cd "$1" && pwd) cc=$2
here=$(cd "$(dirname "$0")" && pwd)
kept=$here/libws.abi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

{
    echo '#include <libws/ws.h>'
    # a declaration may have several lines; one of a single line would not end a range of sed's
    sed -n '/^WS_API/{:more;/;$/!{N;b more};s/;$/\n{\n    __builtin_unreachable();\n}/p}' "$include/libws/ws.h"
} >"$work/libws.c"
cd "$work" # the paths are in what the compiler writes
"$cc" -g -fno-eliminate-unused-debug-types -shared -fPIC -I "$include" -Wl,-soname,libws.so libws.c -o libws.so

[ "$(nm -D libws.so | grep -c ' T ws_')" = "$(grep -c '^WS_API' "$include/libws/ws.h")" ] || {
    echo "FAILED: not every function of ws.h is compared"
    exit 1
}
if [ "${3:-}" = --write ]; then
    abidw --no-corpus-path --no-comp-dir-path --no-show-locs libws.so >"$kept"
    exit
fi
abidiff "$kept" libws.so || {
    echo "FAILED: the headers declare another ABI than libws.abi. If that is wanted: $0 $include $cc --write"
    exit 1
}
