#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# planted.sh BUILD SEEDS [NAME...]: puts faults that there were back, one at a time, into
# copies of core under BUILD, and tells after how many seeds the simulator finds each. Fails
# when one is not found among SEEDS. Without names: all of planted/. SIMULATE_SOURCE names
# another version of the sources than this one.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source=${SIMULATE_SOURCE-$root}
build=$1 seeds=$2
shift 2
names=("$@")
if ((${#names[@]} == 0)); then
    for patch in "$root"/tests/simulate/planted/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
mkdir -p "$build"
build=$(cd "$build" && pwd)
(cd "$root" && go build -o "$build/weave" ./tests/simulate/weave)
# placed PATCH: the patch, for where its files are now: another package of core may have them.
placed() {
    local file now changes=()
    for file in $(sed -n 's|^+++ b/\([^[:space:]]*\).*|\1|p' "$1"); do
        [ -f "$build/source/$file" ] && continue
        now=$(cd "$build/source" && find core -name "$(basename "$file")")
        changes+=(-e "s|^\(--- a\|+++ b\)/$file|\1/$now|")
    done
    sed -e '' "${changes[@]}" "$1"
}

missed=()
for name in "${names[@]}"; do
    rm -rf "$build/source"
    mkdir -p "$build/source"
    cp -r "$source/core" "$source/go.mod" "$source/go.sum" "$build/source/"
    placed "$root/tests/simulate/planted/$name.patch" | patch -s -p1 -d "$build/source" --no-backup-if-mismatch
    "$build/weave" "$root" "$build/woven" "$build/source"
    (cd "$build/woven" && go test -c -tags simulate -o "$build/planted.test" ./core)
    start=$SECONDS
    said=$(cd "$build" && SEED=1 SEEDS=$seeds SHRINK=${SHRINK-0} ./planted.test -test.run '^TestSeeds$' -test.timeout 0 2>&1) || true
    if found=$(grep -m1 -o 'seed [0-9]*: .*' <<<"$said"); then
        printf '%-28s after %6s seeds, %3d s: %s\n' "$name" "$(sed 's/seed \([0-9]*\):.*/\1/' <<<"$found")" \
            $((SECONDS - start)) "$(sed 's/seed [0-9]*: //' <<<"$found" | cut -c1-110)"
        if [ "${SHRINK-0}" != 0 ]; then sed -n '/shrunk by/,$p' <<<"$said"; fi
    else
        printf '%-28s not found among %s seeds, %d s\n' "$name" "$seeds" $((SECONDS - start))
        missed+=("$name")
    fi
done
((${#missed[@]} == 0)) || { echo "planted.sh: not found: ${missed[*]}" >&2; exit 1; }
