#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Links libws.dylib for macOS on Linux, and looks at what came out: build.sh arm64|x86_64 DIRECTORY
#
# ZIG names zig, of PyPI's ziglang, which compiles and has the stub of libSystem. clang links, by LLVM's linker, which
# knows what to export, as zig's does not. Debian: clang, lld, llvm.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
case $1 in
arm64) zig_cpu=aarch64 go=arm64 ;;
x86_64) zig_cpu=x86_64 go=amd64 ;;
*) echo "build.sh: arm64 or x86_64" >&2; exit 2 ;;
esac
mkdir -p "$2"
to=$(cd "$2" && pwd)
fail() {
    echo "build.sh: $*" >&2
    exit 1
}
# tool NAME: Debian has some with a version in their names only.
tool() { compgen -c "$1" | grep -xE "$1(-[0-9]+)?" | sort -V | sed -n 1p; }
lld=$(command -v "$(tool ld64.lld)") || fail "no ld64.lld (Debian: lld)"
otool=$(command -v "$(tool llvm-otool)") || fail "no llvm-otool (Debian: llvm)"
zig=$(command -v "${ZIG:-zig}") || fail "no zig; ZIG names it (pip install ziglang)"

"$here/stubs.sh" "$(go env GOROOT)" "$to/stubs"
# Names of processors that are newer than this linker mean nothing to it, and the file has no arm64 but by one of them.
sed 's/arm64e[.]x1-/arm64-/g' "$(dirname "$(readlink -f "$zig")")/lib/libc/darwin/libSystem.tbd" >"$to/stubs/libSystem.tbd"
# On macOS libpthread is a part of libSystem.
ln -sfn libSystem.tbd "$to/stubs/libpthread.tbd"
sed -n 's/^WS_API [^(]*\(ws_[a-z0-9_]*\)(.*/_\1/p' "$here/../../include/libws/ws.h" | sort >"$to/exports"
cat >"$to/cc" <<END
#!/bin/sh
links=
for word; do # Go has asked zig's linker which words it knows
    shift
    case \$word in
    -dynamiclib) links=1 ;;
    -Wl,--compress-debug-sections=*) continue ;;
    esac
    set -- "\$@" "\$word"
done
[ -z "\$links" ] || exec clang -target $1-apple-macos12.0 --ld-path="$lld" -mlinker-version=520 -isysroot "$to/stubs" -L"$to/stubs" \\
    -Wl,-exported_symbols_list,"$to/exports" "\$@"
exec "$zig" cc -target $zig_cpu-macos.12.0 -F"$to/stubs" -L"$to/stubs" "\$@"
END
chmod +x "$to/cc"
cd "$here/../.."
GOOS=darwin GOARCH=$go CGO_ENABLED=1 CC=$to/cc CGO_CFLAGS="-O2 -DLIBWS_BUILDS" go build -trimpath -buildvcs=false \
    -tags nethttpomithttp2 -buildmode=c-shared \
    "-ldflags=-s -w -buildid= -extldflags '-F$to/stubs -L$to/stubs -Wl,-install_name,@rpath/libws.dylib'" -o "$to/libws.dylib" ./capi

[ "$(llvm-nm -gU "$to/libws.dylib" | sed 's/.* //' | sort)" = "$(cat "$to/exports")" ] || fail "it exports other names than the functions of the header"
grep -q 'name @rpath/libws.dylib ' <<<"$("$otool" -l "$to/libws.dylib")" || fail "it has another name than @rpath/libws.dylib"
grep -q 'minos 12.0' <<<"$("$otool" -l "$to/libws.dylib")" || fail "it is not for macOS 12"
"$otool" -L "$to/libws.dylib" | sed -n 's/^[[:space:]]\([^ ]*\) (.*/\1/p' | while read -r library; do
    case $library in
    @rpath/libws.dylib | /usr/lib/libSystem.B.dylib | /usr/lib/libresolv.9.dylib | /System/Library/Frameworks/*) ;;
    *) fail "it wants $library" ;;
    esac
done
echo "libws.dylib for $1: builds, not run"
