#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the directory that stands for a machine with Windows, once: prefix.sh SHIM. Or ends what runs in it: prefix.sh end
set -eu
here=$(dirname "$0")
if [ "$1" = end ]; then
    server=/usr/lib/wine/wineserver
    [ -x "$server" ] || server=wineserver
    "$server" -k || true
    exit 0
fi
system=$WINEPREFIX/drive_c/windows/system32
# Neither Gecko nor Mono is asked for, nor is there a screen.
if [ ! -e "$system/kernel32.dll" ]; then
    WINEDLLOVERRIDES="mscoree=;mshtml=" "$here/wine.sh" wineboot -i
    # Debian's Wine says 7 when nobody asks, which neither Go nor Node knows any more.
    "$here/wine.sh" reg add 'HKCU\Software\Wine' /v Version /d win10 /f
fi
# Debian's Wine 8.0 lacks it; a newer one keeps its own.
[ -e "$system/bcryptprimitives.dll" ] || cp "$1" "$system/bcryptprimitives.dll"
"$here/wine.sh" cmd /c ver
