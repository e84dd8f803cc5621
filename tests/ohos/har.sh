#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The HAR has what another native module needs: libraries, headers, a CMake package that finds the ABI,
# and says in words when there is none. The libraries here are the stand-in's, under both names of ABIs:
# only the package is looked at.
#
#   har.sh BUILD CMAKE CC
set -euo pipefail
build=$1 cmake=$2 cc=$3
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
    echo "FAILED: $*"
    exit 1
}
mkdir -p "$work/build/arm64-v8a" "$work/build/x86_64"
cp "$build"/libws.so "$build"/libws_net_websocket.so "$work/build/x86_64/"
if "$root/packaging/ohos/har.sh" "$work/build" "$work/libws.har" 2>"$work/said"; then fail "a package without arm64-v8a"; fi
grep -q 'arm64-v8a/libws.so' "$work/said" || fail "it does not say what is missing: $(cat "$work/said")"
cp "$work/build/x86_64"/* "$work/build/arm64-v8a/"
"$root/packaging/ohos/har.sh" "$work/build" "$work/libws.har"
tar -xzf "$work/libws.har" -C "$work"
! grep -rq '@VERSION@' "$work/package" || fail "the version is not filled in"
for file in oh-package.json5 types/Index.d.ts consumer-rules.txt src/main/module.json LICENSE include/libws/ws.h \
    include/network/netstack/net_websocket.h libs/arm64-v8a/libws.so libs/x86_64/libws_net_websocket.so; do
    [ -f "$work/package/$file" ] || fail "no $file"
done

mkdir "$work/module"
cat >"$work/module/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(module LANGUAGES C)
find_package(libws REQUIRED CONFIG PATHS ${PACKAGE}/cmake NO_DEFAULT_PATH)
add_executable(by_ws by_ws.c)
target_link_libraries(by_ws PRIVATE libws::libws)
add_executable(by_ndk by_ndk.c)
target_link_libraries(by_ndk PRIVATE libws::net_websocket)
END
echo '#include <libws/ws.h>
int main(void) { return ws_abi_version() != WS_ABI_VERSION; }' >"$work/module/by_ws.c"
echo '#include <network/netstack/net_websocket.h>
int main(void) { return OH_WebSocketClient_Destroy(0) != WEBSOCKET_CLIENT_NULL; }' >"$work/module/by_ndk.c"
"$cmake" -S "$work/module" -B "$work/made" -DCMAKE_C_COMPILER="$cc" -DOHOS_ARCH=x86_64 -DPACKAGE="$work/package" >"$work/log" 2>&1 &&
    "$cmake" --build "$work/made" >>"$work/log" 2>&1 || { cat "$work/log"; fail "a module of x86_64"; }
for program in by_ws by_ndk; do
    LD_LIBRARY_PATH="$work/package/libs/x86_64" "$work/made/$program" || fail "$program"
done
if "$cmake" -S "$work/module" -B "$work/other" -DCMAKE_C_COMPILER="$cc" -DOHOS_ARCH=armeabi-v7a -DPACKAGE="$work/package" >"$work/log" 2>&1; then
    fail "a module for armeabi-v7a"
fi
[[ $(tr -s ' \n' ' ' <"$work/log") == *"not for the ABI 'armeabi-v7a'"* ]] || fail "it does not name the ABI: $(cat "$work/log")"
