#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# reproducible.sh WORK DIST [TARGET...]: what dist.sh has made of this tree in DIST has the same bytes when it is made
# in a directory with a path of another length, from nothing, with another cache of Go's, another umask, time zone
# and order of files.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
work=$(cd "$1" && pwd)
dist=$(cd "$2" && pwd)
shift 2
all=$#
# That of dist.sh; the copy has no history to take it from.
[ -n "${SOURCE_DATE_EPOCH-}" ] || SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
place=$work/a-place-whose-name-is-a-good-deal-longer
rm -rf "$place"
mkdir -p "$place/tree"
git ls-files -z --cached --others --exclude-standard | tar --null --ignore-failed-read -T - -cf - | tar -C "$place/tree" -xf -
chmod -R u+w "$work/cache" 2>/dev/null || true
rm -rf "$work/cache"
(
    umask 077
    export GOCACHE=$work/cache TZ=Asia/Tokyo LC_ALL=C.UTF-8
    cd "$place"
    find tree -type f -exec touch -d @1600000000 {} +
    tree/packaging/dist/dist.sh out "$@" >log 2>&1 || { tail -40 log && exit 1; }
)
chmod -R u+w "$work/cache"
rm -rf "$work/cache"
made=$place/out/SHA256SUMS
[ -s "$made" ] || { echo "FAILED: nothing was made" && exit 1; }
(cd "$dist" && sha256sum --quiet -c "$made") || { echo "FAILED: other bytes in another directory" && exit 1; }
[ "$all" != 0 ] || diff "$made" "$dist/SHA256SUMS" || { echo "FAILED: other files in another directory" && exit 1; }
sed -n 's/^\(.\{16\}\)[0-9a-f]*  /\1...  /p' "$made"
echo "== the same bytes twice"
