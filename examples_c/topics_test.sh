#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Two in rooms of examples_c/topics:
#
#     topics_test.sh PATH_OF_TOPICS PATH_OF_LIBWS_CAT
set -eu
directory=$(mktemp -d)
trap 'kill $server $ann $bob 2>/dev/null || :; wait || :; rm -rf "$directory"' EXIT
server= ann= bob=
said=$directory/said
mkfifo "$said" "$directory/ann.in" "$directory/ann.out" "$directory/bob.in" "$directory/bob.out"
"$1" --port 0 >"$said" &
server=$!
read -r _ _ url <"$said"
"$2" "$url/" <"$directory/ann.in" >"$directory/ann.out" &
ann=$!
exec 3>"$directory/ann.in" 4<"$directory/ann.out"
"$2" "$url/" <"$directory/bob.in" >"$directory/bob.out" &
bob=$!
exec 5>"$directory/bob.in" 6<"$directory/bob.out"

# receives NAME DESCRIPTOR LINE
receives() {
    read -r line <&"$2"
    [ "$line" = "$3" ] || { echo "$1 receives \"$line\", not \"$3\"" >&2; exit 1; }
}
echo "join red" >&3; receives ann 4 "* you are in red"
echo "join red" >&5; receives bob 6 "* you are in red"
echo "join blue" >&5; receives bob 6 "* you are in blue"
echo "leave green" >&5; receives bob 6 "* you are not in this room"
echo "hello" >&3; receives bob 6 "red: hello"
echo "leave red" >&5; receives bob 6 "* you have left red"
echo "nobody gets this" >&3
echo "all of you" >&3; receives bob 6 "of you"
echo "only blue" >&5 # where nobody else is
echo "all heard" >&5; receives ann 4 "heard"
