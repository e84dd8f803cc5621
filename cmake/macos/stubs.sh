#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes stubs of what Go's packages import on macOS beside libSystem, whose stub the cross compiler has: the names are those
# that Go's own source declares, and nothing of Apple's is in them. stubs.sh GOROOT DIRECTORY
set -eu
goroot=$1 to=$2
# stub PATH FILE: the stub of a library with the symbols that Go imports of it.
stub() {
    mkdir -p "$(dirname "$2")"
    symbols=$(grep -rh --include='*.go' "cgo_import_dynamic .*\"$1\"" "$goroot/src" | sed 's/.*cgo_import_dynamic [^ ]* \([^ ]*\) .*/_\1/' | sort -u | paste -sd , | sed 's/,/, /g')
    cat > "$2" <<END
--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-macos ]
install-name:    '$1'
exports:
  - targets:         [ x86_64-macos, arm64-macos ]
    symbols:         [ $symbols ]
...
END
}
for name in CoreFoundation Security; do
    stub "/System/Library/Frameworks/$name.framework/Versions/A/$name" "$to/$name.framework/$name.tbd"
done
stub /usr/lib/libresolv.9.dylib "$to/libresolv.tbd"
