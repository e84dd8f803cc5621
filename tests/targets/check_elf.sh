#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# check_elf.sh READELF NM LIBRARY SONAME EXPORTS NEEDED [SYMBOLS]: what a library has to be that musl shall
# dlopen. EXPORTS is a pattern of the names that it may export, NEEDED the libraries that it may want,
# SYMBOLS a list of the names that libc has.
set -euo pipefail
export LC_ALL=C
readelf=$1 nm=$2 library=$3 soname=$4 exports=$5 needed=$6 symbols=${7-}
failed=0
fail() {
    echo "FAILED: $library: $*"
    failed=1
}
relocations=$("$readelf" -rW "$library") dynamic=$("$readelf" -dW "$library") segments=$("$readelf" -lW "$library")
has() { grep -qE "$1" <<<"$2"; }

! has 'TPOFF64|TPOFF32|TLS_TPREL' "$relocations" || fail "initial-exec TLS, which dlopen of musl refuses"
case $soname in libws.so*) has TLSDESC "$relocations" || fail "no TLS descriptor: where is g?" ;; esac
! has STATIC_TLS "$dynamic" || fail "DF_STATIC_TLS"
! has TEXTREL "$dynamic" || fail "relocations in code"
! has 'RPATH|RUNPATH.*\[/' "$dynamic" || fail "an absolute path to libraries"
has "SONAME.*\[${soname//./\\.}\]" "$dynamic" || fail "the SONAME is not $soname: $(grep SONAME <<<"$dynamic")"
found=$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$dynamic" | sort | tr '\n' ' ')
[ "$found" = "$needed " ] || fail "needs $found, not $needed"
for flag in BIND_NOW NODELETE; do has $flag "$dynamic" || fail "no $flag"; done
has GNU_RELRO "$segments" || fail "no RELRO"
has GNU_EH_FRAME "$segments" || fail "nobody can walk its stacks"
! has 'GNU_STACK.* RWE ' "$segments" || fail "an executable stack"
! has 'LOAD.* RWE ' "$segments" || fail "a segment that is writable and executable"
other=$("$nm" -D --defined-only "$library" | awk '$2 != "A" { print $3 }' | grep -vE "^($exports)(@@.*)?$" || true)
[ -z "$other" ] || fail "exports" $other
if [ -n "$symbols" ]; then
    while read -r name; do
        grep -qx "$name" "$symbols" || fail "$name is not in $symbols: look it up"
    done < <("$nm" -D --undefined-only "$library" | awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }' | grep -v '^ws_')
fi
[ $failed = 0 ] && echo "$library: fine, $(stat -Lc %s "$library") bytes"
exit $failed
