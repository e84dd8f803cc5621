#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs an example against examples_c/echo_server:
#
#     with_echo_server.sh PATH_OF_ECHO_SERVER PROGRAM [ARGUMENT]...
#
# Each argument URL becomes the one of the server. The program reads the lines one
# and two. The status is the program's.
set -eu
directory=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; rm -rf "$directory"' EXIT
mkfifo "$directory/said"
"$1" --port 0 >"$directory/said" &
server=$!
shift
read -r _ _ url <"$directory/said"
count=$#
while [ "$count" -gt 0 ]; do
    if [ "$1" = URL ]; then set -- "$@" "$url/"; else set -- "$@" "$1"; fi
    shift
    count=$((count - 1))
done
printf 'one\ntwo\n' | "$@"
