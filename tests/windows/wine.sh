#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a program of Windows: wine.sh PROGRAM ARGUMENT...
#
# WINEPREFIX, of CTest, is the tests' own. Wine is Debian's, or the one that WS_WINE names. What Wine itself has to tell
# is not shown, unless WINEDEBUG says so.
wine=${WS_WINE:-/usr/lib/wine/wine64}
[ -x "$wine" ] || wine=$(command -v wine64 || command -v wine) || { echo "wine.sh: no wine (Debian: wine64)" >&2; exit 127; }
export WINEDEBUG="${WINEDEBUG:--all}"
exec "$wine" "$@"
