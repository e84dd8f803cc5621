#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# reproducible.sh WORK [TARGET...]: dist.sh makes the same bytes in two directories with paths of different
# lengths, another cache of Go's, another umask, time zone and order of files.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
work=$(cd "$1" && pwd)
shift
[ $# != 0 ] || set -- old old-arm64 musl musl-arm64 windows
SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH
for copy in first "second place"; do
    rm -rf "${work:?}/$copy"
    mkdir -p "$work/$copy/tree"
    git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -C "$work/$copy/tree" -xf -
done
# Blanks are for the tree of a user; zig's linker is not asked to bear them here.
rm -rf "$work/second-place-with-a-longer-name"
mv "$work/second place" "$work/second-place-with-a-longer-name"
rm -rf "$work/cache"
"$work/first/tree/packaging/dist/dist.sh" "$work/first/out" "$@" >"$work/first/log" 2>&1 || { tail -40 "$work/first/log" && exit 1; }
(
    umask 077
    export GOCACHE=$work/cache TZ=Asia/Tokyo LC_ALL=C.UTF-8
    cd "$work/second-place-with-a-longer-name"
    find tree -type f -exec touch -d @1600000000 {} +
    tree/packaging/dist/dist.sh out "$@" >log 2>&1 || { tail -40 log && exit 1; }
)
chmod -R u+w "$work/cache"
rm -rf "$work/cache"
diff "$work/first/out/SHA256SUMS" "$work/second-place-with-a-longer-name/out/SHA256SUMS" || { echo "FAILED: other bytes in another directory" && exit 1; }
sed -n 's/^\(.\{16\}\)[0-9a-f]*  /\1...  /p' "$work/first/out/SHA256SUMS"
echo "== the same bytes twice"
