#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Somebody reads positions of examples_c/latest_values, and stops the robots:
#
#     latest_values_test.sh PATH_OF_LATEST_VALUES PATH_OF_LIBWS_CAT
set -eu
directory=$(mktemp -d)
trap 'kill $server $reader 2>/dev/null || :; wait || :; rm -rf "$directory"' EXIT
server= reader=
said=$directory/said
mkfifo "$said" "$directory/in" "$directory/out"
"$1" --port 0 --robots 20 >"$said" &
server=$!
exec 5<"$said"
read -r _ _ url <&5
"$2" "$url/" <"$directory/in" >"$directory/out" &
reader=$!
exec 3>"$directory/in" 4<"$directory/out"
read -r robot x y <&4
[ "$robot" -ge 1 ] && [ "$robot" -le 20 ] || { echo "\"$robot $x $y\" is no position" >&2; exit 1; }
echo stop >&3
until [ "$robot" = stop ]; do read -r robot x y <&4; done
kill -TERM "$server"
read -r _ line <&5 # how many they are
[ "$line" = "positions were replaced by newer ones" ] || { echo "the server says \"$line\"" >&2; exit 1; }
