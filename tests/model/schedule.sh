#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# schedule.sh SPIN FLAG...: prints the steps of the trace in slot.pml.trail, "ACTOR POINT" a line, for
# a library that was built with WS_DEBUG_INVARIANTS (capi/debug_schedule.c). The points stand in
# slot.pml behind an @. Run beside slot.pml.
set -euo pipefail
spin=$1
shift
"$spin" -t -p "$@" slot.pml 2>/dev/null | awk '
    BEGIN {
        split("loop dispatcher host0 host1 shutdown", actors)
        while ((getline line < "slot.pml") > 0) {
            at++
            if (match(line, /@[a-z]+/)) points[at] = substr(line, RSTART + 1, RLENGTH - 1)
        }
    }
    match($0, /proc +[0-9]+ /) && match($0, /slot.pml:[0-9]+/) {
        place = substr($0, RSTART + 9, RLENGTH - 9)
        process = $0
        sub(/^.*proc +/, "", process)
        if (place in points && process + 0 > 0) print actors[process + 0], points[place]
    }'
