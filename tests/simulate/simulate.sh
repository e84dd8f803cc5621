#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# simulate.sh BUILD SECONDS SEEDS SEED: plays the seeds from SEED on, on all processors, until
# SEEDS are played or SECONDS are over, and tells what the runs have covered. The first seed
# that fails on each processor is shrunk and shown. SIMULATE_SOURCE names another version of
# the sources than this one.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "$1"
build=$(cd "$1" && pwd) seconds=$2 seeds=$3 seed=$4
(cd "$root" && go run ./tests/simulate/weave . "$build/woven" "${SIMULATE_SOURCE-$root}")
(cd "$build/woven" && go vet -tags simulate ./core && go test -c -cover -coverpkg=./core/... -tags simulate -o "$build/simulate.test" ./core)
cd "$build/woven/core"
WS_SOURCE=$root "$build/simulate.test" -test.run 'Twice$|TheSameRun$|CHalfSees$' | tail -1
export GOGC=400 STRIDE SEEDS SECONDS=$seconds
STRIDE=${PLAYERS-$(nproc)}
SEEDS=$(((seeds + STRIDE - 1) / STRIDE))
players=()
for ((i = 0; i < STRIDE; i++)); do
    SEED=$((seed + i)) "$build/simulate.test" -test.run '^TestSeeds$' -test.timeout 0 -test.coverprofile "$build/cover.$i" &
    players+=($!)
done
failed=0
for player in "${players[@]}"; do wait "$player" || failed=1; done
if ((failed)); then
    echo "simulate.sh: all of a run is shown by: cd $build && LOG=1 SEED=n ./simulate.test -test.run OneSeed" >&2
    exit 1
fi
# The profiles count apart what each processor has met.
sort -u <(cat "$build"/cover.[0-9]* | grep -v '^mode:') |
    awk '{ if (!($1 in n) || $3 > n[$1]) n[$1] = $3; size[$1] = $2 } END { print "mode: set"; for (b in n) print b, size[b], n[b] }' >"$build/cover"
cd "$build/woven"
go tool cover -func="$build/cover" >"$build/cover.txt"
echo "simulate: $(tail -1 "$build/cover.txt" | awk '{ print $3 }') of the statements of core were met; $build/cover.txt tells of each function"
