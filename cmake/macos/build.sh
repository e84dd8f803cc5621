#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Links libws.dylib for macOS on Linux, and looks at what came out: build.sh arm64|x86_64 DIRECTORY
#
# ZIG names zig, of PyPI's ziglang (0.15.1 was tried); llvm-otool and llvm-nm are Debian's package llvm.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case $1 in
arm64) target=aarch64-macos.12.0 go=arm64 ;;
x86_64) target=x86_64-macos.12.0 go=amd64 ;;
*) echo "build.sh: arm64 or x86_64" >&2; exit 2 ;;
esac
mkdir -p "$2"
to=$(cd "$2" && pwd)
"$here/stubs.sh" "$(go env GOROOT)" "$to/stubs"
printf '#!/bin/sh\nexec "%s" cc -target %s -F"%s/stubs" -L"%s/stubs" "$@"\n' "${ZIG:-zig}" $target "$to" "$to" >"$to/cc"
chmod +x "$to/cc"
cd "$here/../.."
GOOS=darwin GOARCH=$go CGO_ENABLED=1 CC=$to/cc CGO_CFLAGS="-O2 -DLIBWS_BUILDS" go build -trimpath -buildvcs=false \
    -tags nethttpomithttp2 -buildmode=c-shared \
    "-ldflags=-s -w -buildid= -extldflags '-F$to/stubs -L$to/stubs -Wl,-install_name,@rpath/libws.dylib'" -o "$to/libws.dylib" ./capi

fail() {
    echo "build.sh: $*" >&2
    exit 1
}
otool=$(command -v llvm-otool || command -v llvm-otool-14) || fail "no llvm-otool (Debian: llvm)"
names=$(llvm-nm -gU "$to/libws.dylib" | sed -n 's/.* _\(ws_[a-z0-9_]*\)$/\1/p' | sort)
wanted=$(sed -n 's/^WS_API [^(]*\(ws_[a-z0-9_]*\)(.*/\1/p' include/libws/ws.h | sort)
[ "$names" = "$wanted" ] || fail "it exports other functions than the header declares"
grep -q 'name @rpath/libws.dylib ' <<<"$("$otool" -l "$to/libws.dylib")" || fail "it has another name than @rpath/libws.dylib"
grep -q 'minos 12.0' <<<"$("$otool" -l "$to/libws.dylib")" || fail "it is not for macOS 12"
"$otool" -L "$to/libws.dylib" | sed -n 's/^[[:space:]]\([^ ]*\) (.*/\1/p' | while read -r library; do
    case $library in
    @rpath/libws.dylib | /usr/lib/libSystem.B.dylib | /usr/lib/libresolv.9.dylib | /System/Library/Frameworks/*) ;;
    *) fail "it wants $library" ;;
    esac
done
echo "libws.dylib for $1: builds, not run"
