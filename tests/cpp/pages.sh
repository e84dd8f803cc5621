#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Programs in pages compile as they stand: blocks of c, cpp and cpp20 that begin with #include, and those
# of python. The first block of docs/languages/cpp.md works with echo_server.
#
#   pages.sh SOURCE_DIR LIBRARY_DIR CC CXX PYTHON ECHO_SERVER
set -euo pipefail
source=$1 libraries=$2 cc=$3 cxx=$4 python=$5 echo_server=$6
work=$(mktemp -d)
server=
trap 'rm -rf "$work"; [ -z "$server" ] || kill "$server" || :' EXIT

# blocks PAGE: writes NUMBER.LANGUAGE for each block
blocks() {
    awk -v to="$work/$(basename "$1" .md)" '
        /^```$/ { if (file) close(file); file = ""; next }
        /^```(c|cpp|cpp20|python)$/ { file = sprintf("%s.%02d.%s", to, ++n, substr($0, 4)); next }
        file { print > file }' "$1"
}
blocks "$source/docs/languages/cpp.md"
blocks "$source/docs/loops.md"

warnings="-Wall -Wextra -Wpedantic -Werror -I $source/include -I $source/examples_loops -fsyntax-only"
loops=$(pkg-config --cflags glib-2.0 libuv libevent)
count=0
for block in "$work"/*.*; do
    case $block in
    *.c) compile="$cc -x c -std=gnu11 $warnings $loops" ;;
    *.cpp) compile="$cxx -x c++ -std=c++17 -Wold-style-cast $warnings" ;;
    *.cpp20) compile="$cxx -x c++ -std=c++20 $warnings" ;;
    *.python) compile="$python -B -c compile(open(__import__('sys').argv[1]).read(),'block','exec')" ;;
    esac
    $compile "$block" || { echo "FAILED: $block does not compile:"; cat "$block"; exit 1; }
    count=$((count + 1))
done
[ "$count" = 11 ] || { echo "FAILED: $count blocks instead of 11"; exit 1; }

mkfifo "$work/said"
"$echo_server" --port 0 >"$work/said" &
server=$!
read -r -t 60 line <"$work/said"
sed "s|ws://127.0.0.1:8080|${line#listening on }|" "$work/cpp.01.cpp" >"$work/main.cpp"
"$cxx" -std=c++17 -I "$source/include" "$work/main.cpp" -L "$libraries" -lws -Wl,-rpath,"$libraries" -pthread -o "$work/main"
answer=$(timeout 60 "$work/main")
[ "$answer" = hello ] || { echo "FAILED: the first program of docs/languages/cpp.md prints '$answer' instead of 'hello'"; exit 1; }
