#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# glibc.sh READELF NEWEST LIBRARY...: what each wants of glibc is of version NEWEST or older.
# glibc.sh READELF --moved LIBRARY...: the same for 2.17, on a machine whose glibc is newer. That one has the
# functions of libpthread in libc under new versions, which say nothing of their age: those of
# MOVED were in 2.17.
set -euo pipefail
export LC_ALL=C
readelf=$1 newest=$2
shift 2
moved=' '
if [ "$newest" = --moved ]; then
    newest=2.17
    moved='__pthread_register_cancel __pthread_unregister_cancel __pthread_unwind_next pthread_attr_getstack
        pthread_attr_getstacksize pthread_attr_setstack pthread_create pthread_getattr_np pthread_key_create
        pthread_once pthread_setspecific pthread_sigmask'
    moved=" $(tr -s '[:space:]' ' ' <<<"$moved") "
fi

failed=0
for library in "$@"; do
    symbols=$("$readelf" --dyn-syms -W "$library" | awk '$7 == "UND" && $8 != "" { print $8 }')
    grep -q '@GLIBC_' <<<"$symbols" || { echo "FAILED: $library wants nothing of glibc" && failed=1 && continue; }
    # Weak ones without a version are asked for, not wanted. What else has none would be looked for in whatever
    # glibc there is.
    unversioned=$("$readelf" --dyn-syms -W "$library" | awk '$7 == "UND" && $5 == "GLOBAL" && $8 !~ /@/ && $8 !~ /^wsx?_/ && $8 != "" { print $8 }')
    for symbol in $unversioned; do
        echo "FAILED: $library: $symbol has no version: a newer glibc has it than the one it was linked for"
        failed=1
    done
    wanted=$(while IFS=@ read -r name version; do
        [[ $moved == *" $name "* ]] || echo "${version##*GLIBC_} $name"
    done < <(grep '@GLIBC_' <<<"$symbols") | sort -V)
    highest=$(sed -n '$s/ .*//p' <<<"$wanted")
    # All behind NEWEST, where it stands among them in the order of versions.
    while read -r version name; do
        echo "FAILED: $library: $name@GLIBC_$version is newer than $newest"
        failed=1
    done < <({ echo "$newest zzz" && echo "$wanted"; } | sort -V | awk -v newest="$newest" 'past && $1 != newest; $2 == "zzz" { past = 1 }')
    # What is wanted without a symbol, such as GLIBC_ABI_DT_RELR, which 2.36 brought.
    if [ "$moved" = ' ' ] && grep -q 'Name: GLIBC_ABI_DT_RELR' <<<"$("$readelf" -VW "$library")"; then
        echo "FAILED: $library: relocations as a bitmap want glibc 2.36"
        failed=1
    fi
    echo "$library: wants glibc $highest"
done
exit $failed
