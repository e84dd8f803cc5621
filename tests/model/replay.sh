#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Plays traces of the model on the library itself, built with WS_DEBUG_INVARIANTS.
#
#   replay.sh SPIN CMAKE REPLAY
#
# For each rule, which a patch in without/ takes out of the code: the model without the rule has a
# fault, and the shortest trace to it has none on the library as it is (REPLAY, replay.c), but on
# one that is built without the rule.
set -euo pipefail
spin=$1 cmake=$2 replay=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$here/slot.pml" .

failed() { echo "FAILED: $*" && exit 1; }

# A copy of what the library is built of.
mkdir source
cp -r "$top"/{CMakeLists.txt,cmake,capi,core,include,go.mod,go.sum,LICENSE} source/
mkdir -p source/tests/fuzz

# play RULE LIBRARY: the trace on a library, "" for that of REPLAY.
play() {
    rm -f schedule
    WS_DEBUG_SCHEDULE=$work/schedule LD_PRELOAD=$2 "$replay" "$1.steps" ${peer:+peer} >out 2>&1
}

for rule in $(grep -v '^#' "$here/rules.txt" | cut -f1 | sort -u); do
    patch=$here/without/$rule.patch peer=
    flags=(-DREPLAY "-DWITHOUT_$rule")
    case $rule in
    CUT | FLUSH_BEFORE_RELEASE) peer=1 flags+=(-DPEER) ;; # they are about what a peer ends
    esac
    rm -f slot.pml.trail
    "$spin" -a "${flags[@]}" slot.pml >spin.out 2>&1 || failed "$(cat spin.out)"
    cc -w -O2 -DSAFETY -DREACH -o pan pan.c
    ./pan -i -m2000 >pan.out 2>&1 || true # the shortest one
    [ -f slot.pml.trail ] || failed "the model has no fault without $rule"
    "$here/schedule.sh" "$spin" "${flags[@]}" >"$rule.steps"

    play "$rule" "" || failed "$rule: its trace has a fault in the library as it is: $(cat out)"

    (cd source && patch -s -p1 <"$patch") || failed "without/$rule.patch does not fit any more"
    "$cmake" -S source -B without -DWS_DEBUG_INVARIANTS=ON -DWS_BUILD_TESTS=OFF -DWS_BUILD_EXAMPLES=OFF -DWS_BUILD_NDK=OFF >build.out &&
        "$cmake" --build without --target ws_go >>build.out 2>&1 || failed "$(tail -20 build.out)"
    (cd source && patch -s -R -p1 <"$patch")
    if play "$rule" "$(echo "$work"/without/libws.so.0*.*.*)"; then
        failed "nothing is wrong in the library without $rule: $(cat out)"
    fi
    printf '%-22s %2d steps: without it, %s\n' "$rule" "$(wc -l <"$rule.steps")" "$(grep -m1 -E 'does not hold|does not end' out || tail -1 out)"
done
