#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# run.sh MCS MONO LIBRARY PAGE DIRECTORY: compiles bindings/csharp, runs its tests, and the first program of PAGE.
set -euo pipefail
mcs=$1 mono=$2 library=$3 page=$4 directory=$5
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rm -rf "$directory"
mkdir -p "$directory"
"$mcs" -langversion:latest -warnaserror -warn:4 -target:library -out:"$directory/Libws.dll" "$here/Libws.cs" "$here/Libws.Native.cs"
"$mcs" -langversion:latest -out:"$directory/Tests.exe" -r:"$directory/Libws.dll" -r:System.Core.dll "$here/test/Tests.cs"
awk '/^```csharp$/ && !n { inside = 1; next } /^```$/ && inside { exit } inside { print }' "$page" >"$directory/Hello.cs"
"$mcs" -langversion:latest -out:"$directory/Hello.exe" -r:"$directory/Libws.dll" "$directory/Hello.cs"
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$library")
"$mono" "$directory/Tests.exe" "$here/../java/src/test/resources/members.txt"
"$mono" "$directory/Hello.exe" >"$directory/said"
cat "$directory/said"
sort <<'END' | diff - <(sort "$directory/said")
on open, status:101, message:Switching Protocols
server: on messageReceive, data:Hello, server!
send success
on message, message:bye
close success
on close, code is 1000, reason is done
END
