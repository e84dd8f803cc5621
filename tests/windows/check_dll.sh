#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What users of the DLL meet: it exports the names of libws.def and no others, wants DLLs of Windows only, and may be
# moved by the loader. check_dll.sh DLL DEF
set -eu
dump=$(x86_64-w64-mingw32-objdump -p "$1")
fail() {
    echo "check_dll.sh: $*" >&2
    exit 1
}
exported=$(echo "$dump" | sed -n '/^\[Ordinal.Name Pointer/,/^$/s/.* \([A-Za-z_][A-Za-z0-9_]*\)$/\1/p' | grep -v '^Table$' | sort)
wanted=$(sed -n 's/^ \{1,\}\(ws_[a-z0-9_]*\)$/\1/p' "$2" | sort)
[ -n "$wanted" ] || fail "$2 names nothing"
[ "$exported" = "$wanted" ] || fail "it exports other names than $2 has: $(printf '%s\n%s\n' "$exported" "$wanted" | sort | uniq -u | tr '\n' ' ')"
echo "$dump" | sed -n 's/.*DLL Name: //p' | tr A-Z a-z | sort -u | while read -r name; do
    case $name in
    kernel32.dll | msvcrt.dll | ws2_32.dll | api-ms-win-core-synch-l1-2-0.dll) ;;
    *) fail "it wants $name" ;;
    esac
done
for flag in HIGH_ENTROPY_VA DYNAMIC_BASE NX_COMPAT; do
    case $dump in *$flag*) ;; *) fail "it has not $flag" ;; esac
done
echo "$(echo "$wanted" | wc -l) names, $(echo "$dump" | grep -c 'DLL Name') DLLs of Windows"
