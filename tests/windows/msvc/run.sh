#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What a user of Visual C++ does, by LLVM's tools: an import library of libws.def, a program of that ABI linked with it, and it runs.
# run.sh DIRECTORY BUILD
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$1"
mkdir -p "$1"
# As "lib /def:libws.def /machine:x64 /out:libws.lib".
llvm-dlltool -m i386:x86-64 -d "$2/libws.def" -l "$1/libws.lib"
clang --target=x86_64-pc-windows-msvc -std=c11 -O1 -ffreestanding -Wall -Wextra -Werror -I "$here" -I "$here/../../../include" \
    -c "$here/echo.c" -o "$1/echo.obj"
lld-link "$1/echo.obj" "$1/libws.lib" /usr/x86_64-w64-mingw32/lib/libkernel32.a /entry:mainCRTStartup /subsystem:console \
    /nodefaultlib "/out:$1/echo.exe"
"$here/../wine.sh" "$1/echo.exe"
rm -rf "$1"
