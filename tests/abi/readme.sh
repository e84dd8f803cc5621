#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The program in README.md compiles as it stands, and works with echo_server.
#
#   readme.sh README INCLUDE_DIR LIBRARY_DIR CC ECHO_SERVER
set -euo pipefail
readme=$1 include=$2 libraries=$3 cc=$4 echo_server=$5
work=$(mktemp -d)
server=
trap 'rm -rf "$work"; [ -z "$server" ] || kill "$server"' EXIT

mkfifo "$work/said"
"$echo_server" --port 0 >"$work/said" &
server=$!
read -r -t 20 line <"$work/said"
url=${line#listening on }
# The first block of C, with the port that was free.
awk '/^```c$/ { on = 1; next } /^```$/ && on { exit } on' "$readme" |
    sed "s|ws://127.0.0.1:8080|$url|" >"$work/main.c"

"$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -I "$include" "$work/main.c" \
    -L "$libraries" -lws -Wl,-rpath,"$libraries" -pthread -o "$work/main"
answer=$(timeout 30 "$work/main")
if [ "$answer" != hello ]; then
    echo "FAILED: the program of $readme prints '$answer' instead of 'hello'"
    exit 1
fi
