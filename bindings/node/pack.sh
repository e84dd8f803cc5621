#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# pack.sh BUILD TARGET: makes the npm package TARGET/libws-*.tgz of this directory and what BUILD
# has for this machine, in the layout of prebuildify. Nothing is downloaded.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
build=$(cd "$1" && pwd)
mkdir -p "$2"
target=$(cd "$2" && pwd)
stage=$target/stage
rm -rf "$stage"
mkdir -p "$stage"
cp -r lib package.json index.d.ts options.d.ts websocket.d.ts README.md "$stage/"
cp ../../LICENSE ../../THIRD_PARTY.md "$stage/"
platform=$(node -p '`${process.platform}-${process.arch}`')
libc=$(node -p 'process.report.getReport().header.glibcVersionRuntime ? "glibc" : "musl"')
prebuilds=$stage/prebuilds/$platform
mkdir -p "$prebuilds"
# The addon looks for libws.so.N beside itself ($ORIGIN), before where the build has it.
cp "$build/bindings/node/libws.node" "$prebuilds/libws.$libc.node"
soname=$(readelf -d "$build/libws.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
cp -L "$build/libws.so" "$prebuilds/$soname"
strip --strip-unneeded "$prebuilds/libws.$libc.node"
cd "$stage"
npm pack --silent --ignore-scripts --pack-destination "$target" >/dev/null
rm -rf "$stage"
