#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Runs the model of a slot's life: whole, it has no fault; without any one of its rules it
# has, and the shortest part of the trace is shown.
#
#   run.sh SPIN [long]
#
# long: also with two slots and more handles. Two slots with a queue are 62 million states: 3 GB,
# and seven minutes on a machine that has other things to do as well.
set -euo pipefail
spin=$1 long=${2-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/slot.pml" .

# search NAME FLAG...: prints what spin found; true when it found no fault.
search() {
    rm -f slot.pml.trail
    "$spin" -a "${@:2}" slot.pml >spin.out 2>&1 || { cat spin.out && exit 2; }
    cc -w -O2 -DCOLLAPSE -DSAFETY -o pan pan.c
    ./pan -m200000 -w25 >pan.out
    awk -v name="$1" '/states, stored/ { states = $1 } /elapsed time/ { time = $4 } /errors:/ { errors = $NF }
        END { printf "%-45s %9d states  %6.1f s  %s\n", name, states, time, errors == 0 ? "no fault" : "a fault" }' pan.out
    grep -q 'errors: 0$' pan.out
}

failed() { echo "FAILED: $*" && exit 1; }

# Each rule names the lines that keep it, and each rule of the model is named.
rules=$(grep -v '^#' "$here/rules.txt" | cut -f1 | sort -u)
[ "$rules" = "$(grep -o 'WITHOUT_[A-Z_]*' "$here/slot.pml" | sed 's/WITHOUT_//' | grep . | sort -u)" ] ||
    failed "rules.txt and slot.pml have other rules"
while IFS=$'\t' read -r rule file text; do
    [ "$(grep -cF -- "$text" "$top/$file")" = 1 ] || failed "$rule: '$text' does not stand once in $file"
done < <(grep -v '^#' "$here/rules.txt")

search "a queue" || failed "$(tail -30 pan.out)"
search "inline" -DINLINE || failed "$(tail -30 pan.out)"
search "a peer" -DPEER || failed "$(tail -30 pan.out)"
for rule in $rules; do
    what="a queue" flags=("-DWITHOUT_$rule")
    if [ "$rule" = CUT ]; then what="a peer" flags+=(-DPEER); fi # only a server cuts what is not destroyed
    if search "$what, without $rule" "${flags[@]}"; then failed "nothing is wrong without $rule"; fi
    ls slot.pml.trail >/dev/null
    "$spin" -t -p "${flags[@]}" slot.pml 2>/dev/null | grep -E '^ *[0-9]+:.*\[.*\]$' | tail -3 | cut -c1-140
done
if [ "$long" = long ]; then
    search "inline, two slots" -DINLINE -DSLOTS=2 || failed "$(tail -30 pan.out)"
    search "inline, three handles" -DINLINE -DHANDLES=2 || failed "$(tail -30 pan.out)"
    search "a queue, three handles" -DHANDLES=2 || failed "$(tail -30 pan.out)"
    search "a queue, two slots" -DSLOTS=2 || failed "$(tail -30 pan.out)"
fi
