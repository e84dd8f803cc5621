#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# har.sh BUILD OUT: packs what stands in BUILD/arm64-v8a and BUILD/x86_64 into a HAR, which is a
# gzipped tar of the directory "package". An ABI that is missing is told, and no package is made.
set -euo pipefail
build=$1 out=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=$(sed -n 's/^#define WS_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\).*/\2/p' "$root/include/libws/ws_types.h" | paste -sd.)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/packaging/ohos/template" "$work/package"
grep -rl @VERSION@ "$work/package" | xargs sed -i "s/@VERSION@/$version/"
for abi in arm64-v8a x86_64; do
    mkdir -p "$work/package/libs/$abi"
    for library in libws.so libws_net_websocket.so; do
        if [ ! -f "$build/$abi/$library" ]; then
            echo "har.sh: there is no $build/$abi/$library; a package wants arm64-v8a and x86_64" >&2
            exit 1
        fi
        cp "$build/$abi/$library" "$work/package/libs/$abi/"
    done
done
mkdir -p "$work/package/include"
cp -r "$root/include/." "$work/package/include/"
cp "$root/LICENSE" "$root/THIRD_PARTY.md" "$work/package/"
tar -C "$work" --owner=0 --group=0 --sort=name --mtime=@0 -czf "$out" package
echo "$out: libws $version, $(stat -c %s "$out") bytes"
