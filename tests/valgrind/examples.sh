#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The examples and libws-cat run under valgrind without a report: no invalid access, nothing
# read before it was written, no leak.
#
#   examples.sh WHICH VALGRIND DIRECTORY_OF_EXAMPLES LIBWS_CAT
set -euo pipefail
export WS_TEST_GODEBUG=cpu.rdtscp=off # an instruction that not every valgrind knows
which=$1 valgrind=$2 examples=$3 cat=$4
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
servers=()
trap 'for pid in "${servers[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done; rm -rf "$work"' EXIT

# Valgrind 3.19 tells the Go runtime that the processor has rdtscp, also where the machine
# keeps it from its guests, and then stops at it.
export GODEBUG=cpu.rdtscp=off
check=("$valgrind" -q --error-exitcode=9 --leak-check=full --suppressions="$here/go.supp")

checked() {
    local program=$examples/$1
    [ "$1" != cat ] || program=$cat
    "${check[@]}" "$program" "${@:2}"
}

# start PROGRAM ARGUMENT...: a server; its address is in $url.
start() {
    mkfifo "$work/line"
    exec 3<>"$work/line"
    "${check[@]}" "$examples/$1" "${@:2}" >&3 &
    servers+=($!) # valgrind itself, no shell around it
    local line
    read -r -t 60 line <&3 || { echo "FAILED: $1 does not listen" && exit 1; }
    url=$(grep -o 'wss\{0,1\}://[^ ]*' <<<"$line")/
}

# Ends the server as a user does, and looks at what valgrind said at its end.
stop() {
    kill -TERM "${servers[0]}"
    wait "${servers[0]}" || { echo "FAILED: the server ended with status $?" && exit 1; }
    servers=()
}

expect() {
    [ "$1" = "$2" ] || { echo "FAILED: got '$1', not '$2'" && exit 1; }
}

case $which in
hello) checked hello >"$work/out" && grep -q '^on close, code is 1000' "$work/out" ;;
echo_client)
    start echo_server --port 0
    expect "$(checked echo_client "$url" 'Hello, valgrind')" 'Hello, valgrind'
    stop
    ;;
cat)
    start echo_server --port 0
    expect "$(printf 'one\ntwo\n%s\n' "$(head -c 100000 /dev/zero | tr '\0' x)" | checked cat "$url" | cut -c1-3 | tr '\n' ' ')" 'one two xxx '
    stop
    ;;
*) echo "FAILED: there is no test '$which'" && exit 2 ;;
esac
