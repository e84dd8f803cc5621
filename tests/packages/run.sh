#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh NAME WORK: one test of packages with what it needs: those that dist.sh has made in WORK/dist, and clean roots
# in WORK/roots.
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1
mkdir -p "$2"
work=$(cd "$2" && pwd)

in_clean() { tests/packages/in_root.sh --fresh "$work/roots/$1" --bind "$work/dist" "${@:2}"; }

case $name in
archive) tests/packages/archive.sh "$work/dist" ;;
deb)
    tests/packages/root.sh bookworm "$work/roots/bookworm"
    in_clean bookworm tests/packages/deb.sh "$work/dist"
    ;;
bare)
    tests/packages/root.sh bookworm "$work/roots/bookworm"
    in_clean bookworm tests/packages/bare.sh
    # Their Go is newer than 1.21, and fetches the toolchain by itself. A mirror may not have them.
    for suite in trixie noble; do
        if tests/packages/root.sh $suite "$work/roots/$suite"; then
            in_clean $suite tests/packages/bare.sh
        else
            echo "run.sh: $suite was not tried"
        fi
    done
    ;;
reproducible) tests/packages/reproducible.sh "$work/reproducible" "$work/dist" ;;
old_linux) tests/packages/old_linux.sh "$work" ;;
recipes) tests/packages/recipes.sh "$work/recipes" ;;
known_faults) tests/packages/known_faults.sh "$work/faults" ;;
*) echo "run.sh: no test $name" >&2 && exit 2 ;;
esac
