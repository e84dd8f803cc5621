#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the directory that stands for a machine with Windows, once, and turns the machine on: prefix.sh SHIM. Or ends what runs
# in it: prefix.sh end
set -eu
here=$(dirname "$0")
server=/usr/lib/wine/wineserver
[ -x "$server" ] || server=wineserver
"$server" -k || true # also of a run that was interrupted
[ "$1" != end ] || exit 0
mkdir -p "$WINEPREFIX"
said=$WINEPREFIX/said.txt
trap 'cat "$said"' EXIT
# Services live on, and would keep a pipe of CTest's open.
{
    # The machine stays on until the end. Else it goes down whenever no program runs for a moment, and a program that
    # begins meanwhile may wait for ever, as the first tests did.
    "$server" -p
    system=$WINEPREFIX/drive_c/windows/system32
    if [ ! -e "$system/kernel32.dll" ]; then
        # Neither Gecko nor Mono is asked for, nor is there a screen.
        WINEDLLOVERRIDES="mscoree=;mshtml=" "$here/wine.sh" wineboot -i
        # Debian's Wine says 7 when nobody asks, which neither Go nor Node knows any more.
        "$here/wine.sh" reg add 'HKCU\Software\Wine' /v Version /d win10 /f
    fi
    # Debian's Wine 8.0 lacks it; a newer one keeps its own.
    [ -e "$system/bcryptprimitives.dll" ] || cp "$1" "$system/bcryptprimitives.dll"
    "$here/wine.sh" cmd /c ver
} >"$said" 2>&1 </dev/null
