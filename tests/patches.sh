#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# patches.sh PATCH: each patch that takes something out of the code, or puts a fault back, still fits.
# What plays them runs rarely (replay.sh of model, planted.sh of simulate): here a change of the code
# that leaves one behind is told at once.
set -euo pipefail
patch=$1
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fit=0 failed=0
for one in "$top"/tests/model/without/*.patch "$top"/tests/simulate/planted/*.patch; do
    rm -rf "$work/source"
    mkdir "$work/source"
    for file in $(sed -n 's|^+++ b/\([^[:space:]]*\).*|\1|p' "$one"); do
        mkdir -p "$(dirname "$work/source/$file")"
        cp "$top/$file" "$work/source/$file" || echo "${one#"$top"/} changes $file, which is not there"
    done
    if said=$("$patch" -d "$work/source" -p1 --batch <"$one" 2>&1); then
        fit=$((fit + 1))
    else
        failed=1
        printf '%s does not fit any more:\n%s\n' "${one#"$top"/}" "$said"
    fi
done
# A wrong directory would have none.
[ "$fit" -ge 20 ] || failed=1
echo "$fit patches fit"
exit "$failed"
