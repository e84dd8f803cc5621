#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Of libws.a a program sees the functions of the header, and no other name, of Go's runtime or of ours: so it can be beside
# others that are written in Go. static.sh READELF LIBRARY
set -eu
here=$(dirname "$0")
names=$("$1" -sW "$2" | awk '($5 == "GLOBAL" || $5 == "WEAK") && $7 != "UND" { print $8 }' | sort)
wanted=$(sed -n 's/^WS_API [^(]*\(ws_[a-z0-9_]*\)(.*/\1/p' "$here/../../include/libws/ws.h" | sort)
[ "$names" = "$wanted" ] && [ -n "$wanted" ] || {
    echo "static.sh: $2 has other names than the header: $(printf '%s\n%s\n' "$names" "$wanted" | sort | uniq -u | tr '\n' ' ')" >&2
    exit 1
}
echo "$2: $(echo "$names" | wc -l) names"
