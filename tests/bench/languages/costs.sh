#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a call and an event cost in each language, in one run: the programs take turns, so that what else
# the machine does hits all alike, and the medians of the rounds are printed. C is the floor.
#
#   costs.sh BUILD_DIRECTORY [ROUNDS]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$here/../../..
build=$(cd "$1" && pwd) rounds=${2:-9}
work=$build/tests/bench/languages
mkdir -p "$work"
export LIBWS=$build/libws.so LIBWS_DIR=$build LD_LIBRARY_PATH=$build
include=$source/include

"${CC:-cc}" -O2 -I "$include" "$here/costs.c" -L "$build" -lws -o "$work/c"
CGO_CFLAGS="-O2 -I$include" CGO_LDFLAGS=-L$build go build -o "$work/go" "$here/costs.go"
zig=$build/tests/languages/zig-0.15.2
"$zig/bin/python" -m ziglang build-exe "$here/costs.zig" -OReleaseFast -lc -lws -I "$include" -L "$build" \
    --cache-dir "$zig/cache" --global-cache-dir "$zig/cache" -femit-bin="$work/zig"
(cd "$source/bindings/rust" && CARGO_TARGET_DIR=$build/tests/rust/target cargo build --quiet --locked --release --example costs)
cp "$build/tests/rust/target/release/examples/costs" "$work/rust"

languages=(c rust zig go lua ruby)
for ((round = 0; round < rounds; round++)); do
    for language in "${languages[@]}"; do
        case $language in
        lua) luajit "$here/costs.lua" ;;
        ruby) ruby "$here/costs.rb" ;;
        *) "$work/$language" ;;
        esac >>"$work/$language.$$.figures"
    done
done
printf '%-6s %10s %14s %10s\n' "" "call, ns" "by callback" "by queue"
for language in "${languages[@]}"; do
    for column in 1 2 3; do
        awk -v c=$column '{ print $c }' "$work/$language.$$.figures" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
    done | paste -s | awk -v l="$language" '{ printf "%-6s %10.0f %14.0f %10.0f\n", l, $1, $2, $3 }'
    rm "$work/$language.$$.figures"
done
