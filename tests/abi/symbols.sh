#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The library exports what the header declares and nothing else, under the
# symbol version of the ABI; its name and what it needs are as promised.
#
#   symbols.sh LIBRARY SONAME NODE HEADER NM READELF
set -euo pipefail
export LC_ALL=C
library=$1 soname=$2 node=$3 header=$4 nm=$5 readelf=$6
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
    echo "FAILED: $*"
    failed=1
}

# Comments go first: they mention functions, too.
sed -e ':a' -e '/\/\*/{' -e '/\*\//!{' -e 'N' -e 'ba' -e '}' -e 's|/\*.*\*/||' -e '}' "$header" |
    grep -o 'ws_[a-z0-9_]*(' | tr -d '(' | sort -u >"$work/declared"
# The version node is itself listed, as an absolute symbol.
"$nm" -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | sort -u >"$work/exported"
sed "s/@@*$node\$//" "$work/exported" | sort -u >"$work/names"

[ -s "$work/declared" ] || fail "no function found in $header"
diff "$work/declared" "$work/names" || fail "declared in the header (<) and exported by the library (>) differ"
if grep -v "@@$node\$" "$work/exported"; then
    fail "these symbols are not in the version $node"
fi

"$readelf" -dW "$library" >"$work/dynamic"
found=$(sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p' "$work/dynamic")
[ "$found" = "$soname" ] || fail "the SONAME is '$found', not $soname"

# All of these belong to the C library.
while read -r needed; do
    case $needed in
    libc.so.6 | libc.so | libpthread.so.0 | libdl.so.2 | ld-linux*.so.* | ld-musl-*.so.1) ;;
    *) fail "the library needs $needed" ;;
    esac
done < <(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' "$work/dynamic")

if grep -E 'RPATH|RUNPATH|TEXTREL' "$work/dynamic"; then
    fail "these entries do not belong into the library"
fi
for flag in BIND_NOW NODELETE; do
    grep -q "$flag" "$work/dynamic" || fail "the dynamic section does not say $flag"
done
[[ $("$readelf" -lW "$library") == *GNU_RELRO* ]] || fail "no RELRO segment"
exit $failed
