#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# pack.sh TARGET BUILD...: makes the npm package TARGET/libws-*.tgz of this directory and of what the
# builds have, each for its own system, processor and libc, in the layout of prebuildify. Nothing is downloaded.
set -euo pipefail
[ $# -ge 2 ] || { echo 'pack.sh TARGET BUILD...' >&2 && exit 2; }
mkdir -p "$1"
target=$(cd "$1" && pwd)
shift
builds=()
for build in "$@"; do builds+=("$(realpath "$build")"); done
cd "$(dirname "${BASH_SOURCE[0]}")"
stage=$target/stage
rm -rf "$stage"
mkdir -p "$stage"
cp -r lib src binding.gyp install.js library.js package.json index.d.ts options.d.ts websocket.d.ts README.md "$stage/"
mkdir -p "$stage/include"
cp -r ../../include/libws "$stage/include/"
rm -f "$stage/include/libws/"*.hpp
cp ../../LICENSE ../../THIRD_PARTY.md "$stage/"
for build in "${builds[@]}"; do
    addon=$build/bindings/node/libws.node
    if [ "$(dd if="$addon" bs=2 count=1 status=none)" = MZ ]; then # Windows, which looks for libws.dll beside the addon
        prebuilds=$stage/prebuilds/win32-x64
        mkdir -p "$prebuilds"
        cp "$addon" "$prebuilds/libws.napi.node"
        cp "$build/libws.dll" "$prebuilds/"
        x86_64-w64-mingw32-strip --strip-unneeded "$prebuilds/libws.napi.node"
        continue
    fi
    case $(readelf -hW "$addon" | sed -n 's/ *Machine: *//p') in
    *X86-64*) cpu=x64 ;;
    AArch64) cpu=arm64 ;;
    *) echo "pack.sh: $addon is for no processor that is known here" >&2 && exit 1 ;;
    esac
    libc=glibc
    grep -q 'NEEDED.*\[libc\.so\.6\]' <<<"$(readelf -dW "$addon")" || libc=musl
    prebuilds=$stage/prebuilds/linux-$cpu
    mkdir -p "$prebuilds/$libc"
    # The addon looks for libws.so.N in the directory of its libc ($ORIGIN), before where the build has it.
    cp "$addon" "$prebuilds/libws.napi.$libc.node"
    soname=$(readelf -dW "$build/libws.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
    cp -L "$build/libws.so" "$prebuilds/$libc/$soname"
    strip=strip
    [ "$cpu" = "$(node -p process.arch)" ] || strip=aarch64-linux-gnu-strip
    "$strip" --strip-unneeded "$prebuilds/libws.napi.$libc.node"
done
cd "$stage"
npm pack --silent --ignore-scripts --pack-destination "$target" >/dev/null
rm -rf "$stage"
