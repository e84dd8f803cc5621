#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The programs in README.md compile as they stand, and talk to each other: the first block of C is the
# client, the second the server. But for the port: the server takes a free one, and says which.
#
#   readme.sh README INCLUDE_DIR LIBRARY_DIR CC
set -euo pipefail
readme=$1 include=$2 libraries=$3 cc=$4
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
fail() {
    echo "FAILED: $readme: $*"
    exit 1
}

# block N: the Nth block of C.
block() { awk -v n="$1" '/^```c$/ { on = ++count == n; next } /^```$/ { on = 0 } on' "$readme"; }

compile() {
    "$cc" -std=gnu11 -Wall -Wextra -Wpedantic -Werror -I "$include" "$work/$1.c" -L "$libraries" -lws -Wl,-rpath,"$libraries" \
        -pthread -o "$work/$1"
}

# replace FROM TO: what has to be there.
replace() {
    local text
    text=$(cat)
    [[ $text == *"$1"* ]] || fail "no '$1' in a program"
    echo "${text/"$1"/"$2"}"
}

block 1 >"$work/client.c" && compile client
block 2 >"$work/server.c" && compile server
says='{ int32_t port; ws_server_port(server, &port); printf("%d\n", (int)port); fflush(stdout); } sigwait('
block 2 | replace 'server_port = 8080;' 'server_port = 0;' | replace 'sigwait(' "$says" >"$work/server.c"
compile server

mkfifo "$work/out"
"$work/server" >"$work/out" &
server=$!
read -r -t 20 port <"$work/out"
block 1 | replace ws://127.0.0.1:8080/ "ws://127.0.0.1:$port/" >"$work/client.c"
compile client
answer=$(timeout 30 "$work/client") || fail "the client ends with $?"
[ "$answer" = hello ] || fail "the client prints '$answer' instead of 'hello'"
kill -TERM "$server" # as Ctrl-C, but a shell lets its children in the background ignore that
wait "$server" || fail "the server ends with $?"
server=
# Nobody listens there any more: the client says so, and fails.
! answer=$(timeout 30 "$work/client" 2>&1) || fail "the client ends with 0 without a server"
[[ $answer == *"connecting to 127.0.0.1:$port"*refused* ]] || fail "without a server the client says '$answer'"
