#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Programs that are written for the NDK compile as they are, with nothing but its header and
# the library, in C99 and C++, and say what they should when they run against echo_server.
#
#   unchanged.sh SOURCE LIBRARIES NAME ECHO_SERVER EMULATOR c=COMPILER [c++=COMPILER]...
#
# NAME is net_websocket, but on OpenHarmony, whose system has one of that name. EMULATOR may be empty; words of it are separated by semicolons.
set -euo pipefail
source=$1 libraries=$2 name=$3 server=$4
IFS=';' read -ra emulator <<<"$5"
shift 5
work=$(mktemp -d)
process=
trap 'if [ -n "$process" ]; then kill "$process" 2>/dev/null || :; fi; rm -rf "$work"' EXIT
mkfifo "$work/said"
${emulator[@]+"${emulator[@]}"} "$server" --port 0 >"$work/said" &
process=$!
read -r _ _ url <"$work/said"

cat >"$work/c" <<END
open: 101 Switching Protocols
message: hello (5 bytes)
close: 1000 bye
destroy: 0
END
cat >"$work/c++" <<END
header: 0
connect: 0
onOpen: code: 101, reason: Switching Protocols
send: 0
onMessage: length: 5, data: hello
close: 0
onClose: code: 1000, reason: bye
destroy: 0
END

failed=0
for compiler in "$@"; do
    language=${compiler%%=*}
    dialects="c99 c11" program=$source/examples_c/ndk_client.c
    [ "$language" = c ] || dialects="c++11 c++20" program=$source/tests/ndk/unchanged.cpp
    for dialect in $dialects; do
        echo "-- ${compiler#*=} -std=$dialect"
        "${compiler#*=}" -x "$language" -std="$dialect" -Wall -Wextra -Wpedantic -Werror -Wno-write-strings -D_DEFAULT_SOURCE \
            -I "$source/include" "$program" -x none -o "$work/program" \
            -L"$libraries" -l"$name" -Wl,-rpath,"$libraries" -Wl,-rpath-link,"$libraries" -pthread
        # The program in C++ asks often, that in C waits.
        ${emulator[@]+"${emulator[@]}"} "$work/program" "$url/" | tee "$work/out"
        diff "$work/$language" "$work/out" || failed=1
    done
done
exit $failed
