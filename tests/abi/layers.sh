#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The C files of capi stand in layers: none uses another one that uses it, be it by way of
# a third. Calls from C into Go and back do not count.
#
#   layers.sh CAPI INCLUDE CC NM
set -euo pipefail
export LC_ALL=C
capi=$1 include=$2 cc=$3 nm=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for source in "$capi"/*.c; do
    case $source in *_windows.c | *_other.c) continue ;; esac # for other systems
    object=$work/$(basename "$source").o
    "$cc" -std=gnu11 -O1 -I"$include" -c "$source" -o "$object"
    "$nm" -P "$object" | awk -v file="$(basename "$source")" '{ print ($2 == "U" ? "uses" : "has"), $1, file }'
done >"$work/symbols"

# For each symbol with external linkage: who uses it, and who has it.
awk '$1 == "has" { has[$2] = $3 } $1 == "uses" { uses[++n] = $2; by[n] = $3 }
    END { for (i = 1; i <= n; i++) if (uses[i] in has) print by[i], has[uses[i]], uses[i] }' "$work/symbols" |
    awk '$1 != $2' >"$work/edges"
[ "$(wc -l <"$work/edges")" -gt 100 ] || { echo "FAILED: hardly anything is used of other files"; exit 1; }

# tsort names the files of each circle on standard error.
if ! cut -d' ' -f1,2 "$work/edges" | tsort >"$work/order" 2>"$work/circles"; then
    sed -n 's/^tsort: \([a-z_]*\.c\)$/\1/p' "$work/circles" | sort -u >"$work/files"
    echo "FAILED: these files use each other in a circle:"
    awk 'NR == FNR { in_it[$1]; next } $1 in in_it && $2 in in_it { print "  " $1 " uses " $3 " of " $2 }' \
        "$work/files" "$work/edges"
    exit 1
fi
