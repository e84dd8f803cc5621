#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Each public header compiles alone, without a warning, in every dialect that is
# promised.
#
#   header_dialects.sh INCLUDE_DIR c=COMPILER c++=COMPILER ...
set -euo pipefail
include=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The macros are part of the promise, and only compile where they are used.
cat >"$work/ws_types.h.c" <<'END'
#include <libws/ws_types.h>
#include <libws/ws_types.h>
uint32_t use_macros(void);
uint32_t use_macros(void)
{
    ws_create_options options;
    WS_INIT_STRUCT(&options);
    return options.struct_size + (uint32_t)WS_VERSION_NUMBER + WS_ABI_VERSION;
}
END
# A prototype that is not extern "C" in C++ would show here as a second,
# different declaration.
cat >"$work/ws.h.c" <<'END'
#include <libws/ws.h>
#include <libws/ws.h>
#ifdef __cplusplus
extern "C" const char *WS_CALL ws_version_string(void);
#endif
const char *use_function(void);
const char *use_function(void)
{
    return ws_version_string();
}
END

for header in ws_options ws_server_options ws_relay; do
    sed "s/ws_types/$header/" "$work/ws_types.h.c" >"$work/$header.h.c"
done

# The NDK's: its own is no C.
for header in net_websocket net_websocket_type; do
    printf '#include "network/netstack/%s.h"\n#include "network/netstack/%s.h"\nint use_code(void);\nint use_code(void)\n{\n    WebSocket_ErrCode code = WEBSOCKET_OK;\n    return code;\n}\n' \
        "$header" "$header" >"$work/$header.h.c"
done

failed=0
for compiler in "$@"; do
    language=${compiler%%=*}
    path=${compiler#*=}
    dialects="c99 c11"
    [ "$language" = c ] || dialects="c++11 c++20"
    for dialect in $dialects; do
        for header in ws.h ws_types.h ws_options.h ws_server_options.h ws_relay.h net_websocket.h net_websocket_type.h; do
            echo "$path -std=$dialect $header"
            "$path" -x "$language" -std="$dialect" -Wall -Wextra -Wpedantic -Werror -I "$include" \
                -c "$work/$header.c" -o "$work/out.o" || failed=1
        done
    done
    [ "$language" = c++ ] || continue
    # Those of C++ in both of their ways, and without exceptions at all. A part that is included alone
    # brings what it needs.
    for header in "$include"/libws/*.hpp; do
        name=${header##*/}
        [ "$name" != ws_coroutines.hpp ] || continue # examples_cpp and tests/cpp compile it
        printf '#include <libws/%s>\n#include <libws/%s>\nint use();\nint use() { return 0; }\n' "$name" "$name" >"$work/$name.cpp"
        cases="-std=c++17"
        [ "$name" != ws.hpp ] || cases="-std=c++17 -std=c++20 -DLIBWS_EXCEPTIONS -fno-exceptions"
        for case in $cases; do
            echo "$path $case $name"
            "$path" -std=c++17 "$case" -Wall -Wextra -Wpedantic -Wold-style-cast -Wshadow -Wconversion -Werror -I "$include" \
                -fsyntax-only "$work/$name.cpp" || failed=1
        done
    done
done
exit $failed
