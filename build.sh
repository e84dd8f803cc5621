#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The whole build in one command; "./build.sh help" lists them. CMake does the
# work: this script only finds or installs what CMake needs, and runs it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
    cat <<'END'
./build.sh                 builds library and examples into build/ and runs hello
./build.sh test            builds everything and runs every test
./build.sh soak MINUTES    traffic over a proxy that cuts, resets and delays
./build.sh fuzz MINUTES    looks for inputs that break a parser and for calls that break a promise,
                           so long for each target, and keeps what it finds interesting in
                           testdata/fuzz and tests/fuzz/corpus
./build.sh simulate MINUTES [SEED]
                           plays runs in which one seed decides who runs, what the time is and
                           what the network does; without SEED other ones than ever before
                           (PLAYERS=1: on one processor)
./build.sh test-long       fuzzed parsers for 8 minutes, random and fuzzed calls for 7, the model with more
                           handles, planted faults, all cycles, every refusal of the system, 5 minutes of
                           soak, all of CTest with sanitizers; all of musl, arm64, musl on arm64, Windows,
                           core with 32 bits; the addon for Node with other versions, Bun, arm64 and musl
./build.sh cluster [PORT]  a chat over two processes: a NATS server and two servers behind haproxy, on 127.0.0.1:PORT
                           (8080), until Ctrl-C
./build.sh bench [quick]   measures beside other servers, for an hour and a quarter, and writes
                           docs/benchmarks.md; quick: a few minutes, into the build directory
./build.sh docs            the guide, and a reference and manual pages from the headers: build/site/html/index.html,
                           build/site/man3; nothing in them is loaded from elsewhere
./build.sh arm64           for arm64 and glibc; programs run by qemu-user: hello, the C tests, inline on epoll
./build.sh musl            for musl: hello, all C tests, linked and by dlopen, and the form of the files
./build.sh musl-new        the same with the musl of a newer Debian, which newer Alpines have, by dlopen
./build.sh musl-arm64      for musl on arm64, by dlopen and qemu-user, for 3 minutes of tests
./build.sh windows         for Windows, x86-64, by mingw-w64: libws.dll, its import library and the addon for Node; the C
                           tests and the addon's by Wine
./build.sh macos           for macOS, arm64 and x86-64, by zig and LLVM's linker: build-macos/CPU/libws.dylib, built and not run
./build.sh ohos            for OpenHarmony, arm64-v8a and x86_64, by its SDK, whose directory "native"
                           OHOS_NATIVE names; makes build-ohos/libws.har
./build.sh dist [TARGET...] archives, .deb and .rpm in dist/, for what docs/install.md names
./build.sh packages        makes them in build-packages, and installs, uses and removes them in small systems; the
                           release on an old glibc; a bare Debian builds all. Wants root
./build.sh next-go [VERSION]
                           builds and tests with the newest Go that there is, or this one
./build.sh clean           removes build/ and the other build directories
./build.sh help            prints this

Installs what is missing by apt-get when it runs as root, and Go 1.26 by way of its module proxy; else
it says what to install.
END
}

die() {
    echo "build.sh: $*" >&2
    exit 1
}

# stage TEXT COMMAND...: runs the command and tells how long it took, and what stands at
# which place of how many (see plan).
stages=0
planned=0
took=()
stage() {
    local text=$1 start=$SECONDS place
    shift
    stages=$((stages + 1))
    place=$stages$( ((planned)) && echo "/$planned" || true)
    echo "== $place $text (after $(minutes $SECONDS))"
    "$@"
    took+=("$((SECONDS - start)) s  $text")
    echo "== $place $text: $((SECONDS - start)) s"
}

# plan N: so many stages follow.
plan() { planned=$((stages + $1)); }

minutes() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# Tells which stages and which tests of which builds took longest.
tell_longest() {
    local directory costs
    echo "== what took longest, of $(minutes $SECONDS)"
    printf '   %s\n' "${took[@]}" | sort -k1 -rn | sed -n 1,5p
    for directory in "$@"; do
        costs=$directory/Testing/Temporary/CTestCostData.txt
        [ -f "$costs" ] || continue
        # Name, number of runs, mean cost; a line of dashes and the failed ones follow.
        awk -v of="$directory" '/^---/ { exit } { printf "   %.0f s  %s, in %s\n", $3, $1, of }' "$costs"
    done | sort -k1 -rn | sed -n 1,5p
}

# ---- tools -------------------------------------------------------------------

. scripts/go.sh

# Adds to the packages to install unless a command works.
missing=()
want() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

compiles() { echo "#include <$2>" | "$1" -E -x "$3" -; }

for_arm64() { aarch64-linux-gnu-gcc -E -include stdio.h -x c /dev/null; }

compiles_java() { java --list-modules | grep '^jdk[.]compiler@'; }

compiles_python() { /usr/bin/python3 -c "import os, sysconfig; assert os.path.exists(sysconfig.get_path('include') + '/Python.h')"; }

links_fuzzer() { echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -fsanitize=fuzzer,address -x c - -o /dev/null; }

# Debian has Node's headers in a package of their own, others beside node.
has_node_api() {
    local prefix
    prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    compgen -G "$prefix/include/node*/node_api.h" || compgen -G '/usr/include/node*/node_api.h'
}

has_libedit() { compgen -G '/usr/lib/*/libedit.so.2'; }

has_lws_uv() { compgen -G '/usr/lib/*/libwebsockets-evlib_uv*.so'; }

check_packages() {
    want cmake command -v cmake
    want make command -v make
    want gcc command -v gcc
    want libc6-dev compiles gcc stdio.h c
    # For the Go modules, which come by https.
    want ca-certificates test -e /etc/ssl/certs/ca-certificates.crt
    if [ "$1" = test ] || [ "$1" = test-long ]; then
        want g++ compiles g++ string c++
        want pkg-config command -v pkg-config
        want binutils command -v readelf
        want abigail-tools command -v abidiff
        want openssl command -v openssl
        want libssl-dev compiles gcc openssl/ssl.h c
        want clang-tidy command -v clang-tidy
        want valgrind command -v valgrind
        want spin command -v spin
        want patch command -v patch
        # Without its debug information valgrind refuses to start.
        want libc6-dbg test -d /usr/lib/debug/.build-id
        want python3 test -x /usr/bin/python3
        want python3-venv /usr/bin/python3 -c "import ensurepip"
        want python3-dev compiles_python
        want python3-aiohttp /usr/bin/python3 -c "import aiohttp"
        want python3-autobahn /usr/bin/python3 -c "import autobahn.asyncio.websocket"
        want curl command -v curl
        want nodejs command -v node
        want npm command -v npm
        want libnode-dev has_node_api
        want chromium command -v chromium
        want libedit2 has_libedit # the prompt of libws-cat looks for it
        want zsh command -v zsh
        want fish command -v fish
        want python3-websockets /usr/bin/python3 -c "import websockets"
        want libwebsockets-dev compiles gcc libwebsockets.h c
        # The loops of examples_loops.
        want libuv1-dev compiles gcc uv.h c
        want libglib2.0-dev pkg-config --exists glib-2.0
        want libevent-dev compiles gcc event2/event.h c
        want libasio-dev compiles g++ asio.hpp c++
        want default-jdk-headless compiles_java
        want maven command -v mvn
        want mono-mcs command -v mcs
        want mono-runtime command -v mono
        want libmono-system-core4.0-cil compgen -G '/usr/lib/mono/gac/System.Core/4*'
        # The programs of bindings/lua and ruby; bindings/zig comes by pip into a venv.
        want luajit command -v luajit
        # What the headers say is complete, and the manual pages that are made of it.
        want doxygen command -v doxygen
        want mandoc command -v mandoc
        want ruby command -v ruby
        # Run by tests/interop/proxies, never as services.
        want tinyproxy command -v tinyproxy
        want squid test -x /usr/sbin/squid
        want microsocks command -v microsocks
        want nginx-light test -x /usr/sbin/nginx
        want haproxy test -x /usr/sbin/haproxy
        want stunnel4 command -v stunnel4
        want slowhttptest command -v slowhttptest
        want libnginx-mod-stream test -e /usr/lib/nginx/modules/ngx_stream_module.so
        # The bridge over NATS and the relay over Redis, which the tests start themselves.
        want libnats-dev compiles gcc nats/nats.h c
        want nats-server test -x /usr/sbin/nats-server
        want libhiredis-dev compiles gcc hiredis/hiredis.h c
        want redis-server command -v redis-server
        # promtool, which reads what ws_metrics writes.
        want prometheus command -v promtool
    fi
    if [ "$1" = test-long ]; then
        # Run by tests/interop/services, never as services.
        want mosquitto test -x /usr/sbin/mosquitto
        want websockify command -v websockify
        want prosody command -v prosody
        want janus test -x /usr/bin/janus
        want kamailio test -x /usr/sbin/kamailio
        want kamailio-websocket-modules compgen -G '/usr/lib/*/kamailio/modules/websocket.so'
        want libsoup-3.0-dev pkg-config --exists libsoup-3.0
        want libqt5websockets5-dev pkg-config --exists Qt5WebSockets
        want qt6-websockets-dev pkg-config --exists Qt6WebSockets
        # Loops of examples_loops that are much to install.
        want qtbase5-dev pkg-config --exists Qt5Core
        want qt6-base-dev pkg-config --exists Qt6Core
        want libboost-dev compiles g++ boost/asio.hpp c++
    fi
    if [ "$1" = cluster ]; then
        want libnats-dev compiles gcc nats/nats.h c
        want nats-server test -x /usr/sbin/nats-server
        want haproxy test -x /usr/sbin/haproxy
    fi
    if [ "$1" = fuzz ]; then
        want clang command -v clang
        want libclang-rt-dev links_fuzzer
    fi
    if [ "$1" = soak ]; then
        want libssl-dev compiles gcc openssl/ssl.h c
    fi
    case $1 in
    test | test-long | musl | musl-new)
        want musl-tools command -v musl-gcc
        want binutils command -v readelf
        want openssl command -v openssl
        want libssl-dev compiles gcc openssl/ssl.h c
        ;;
    esac
    case $1 in
    test-long | arm64 | musl-arm64)
        want gcc-aarch64-linux-gnu command -v aarch64-linux-gnu-gcc
        want libc6-dev-arm64-cross for_arm64
        want qemu-user command -v qemu-aarch64
        want binutils command -v readelf
        ;;
    esac
    case $1 in
    test-long | windows | dist | packages)
        want gcc-mingw-w64-x86-64-posix command -v x86_64-w64-mingw32-gcc-posix
        ;;
    esac
    case $1 in
    test-long | macos)
        want python3-pip python3 -m pip --version
        want clang command -v clang
        want lld command -v ld.lld
        want llvm command -v llvm-nm
        ;;
    esac
    case $1 in
    test-long | windows | packages)
        want wine64 test -x /usr/lib/wine/wine64
        ;;
    esac
    case $1 in
    test-long | windows)
        want nodejs command -v node
        want npm command -v npm
        want openssl command -v openssl
        want clang command -v clang
        want lld command -v lld-link
        want llvm command -v llvm-dlltool
        ;;
    esac
    case $1 in
    test-long | dist | packages)
        want python3-pip python3 -m pip --version
        want musl-tools command -v musl-gcc
        want gcc-aarch64-linux-gnu command -v aarch64-linux-gnu-gcc
        want libc6-dev-arm64-cross for_arm64
        want libssl-dev compiles gcc openssl/ssl.h c
        want binutils command -v objcopy
        want doxygen command -v doxygen
        want python3 command -v python3
        want rpm command -v rpmbuild
        ;;
    esac
    case $1 in
    test-long | packages)
        want python3 test -x /usr/bin/python3
        want pkg-config command -v pkg-config
        want debootstrap command -v debootstrap
        want qemu-user command -v qemu-aarch64
        ;;
    esac
    case $1 in
    test-long | docs)
        want doxygen command -v doxygen
        want python3-venv python3 -c "import ensurepip"
        want npm command -v npm
        ;;
    esac
    if [ "$1" = bench ]; then
        want g++ compiles g++ string c++
        want libssl-dev compiles gcc openssl/ssl.h c
        want zlib1g-dev compiles gcc zlib.h c
        want libdeflate-dev compiles gcc libdeflate.h c
        want libboost-dev compiles g++ boost/beast.hpp c++
        want libwebsockets-dev compiles gcc libwebsockets.h c
        # Its loop for thousands of connections.
        want libwebsockets-evlib-uv has_lws_uv
        want python3 test -x /usr/bin/python3
        want python3-websockets /usr/bin/python3 -c "import websockets"
        want python3-venv /usr/bin/python3 -c "import ensurepip"
        want default-jdk-headless compiles_java
        want maven command -v mvn
        want python3-matplotlib /usr/bin/python3 -c "import matplotlib"
        want nodejs command -v node
        want npm command -v npm
    fi
    ((${#missing[@]})) || return 0
    local install="apt-get install ${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        die "missing: ${missing[*]} (these are Debian's names); please install them"
    fi
    if [ "$(id -u)" != 0 ]; then
        die "missing: ${missing[*]}; please run: sudo $install"
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y --no-install-recommends "${missing[@]}"
}

check_tools() {
    check_go
    check_packages "$1"
}

# ---- stages --------------------------------------------------------------------

# configure_and_build DIRECTORY TARGET OPTION...
configure_and_build() {
    local directory=$1 target=$2
    shift 2
    cmake -S . -B "$directory" "$@"
    cmake --build "$directory" --target "$target" --parallel "$(nproc)"
}

check_format() {
    local unformatted
    unformatted=$("$(go env GOROOT)/bin/gofmt" -l bindings/go capi cmake core tests)
    [ -z "$unformatted" ] || die "not as gofmt has it:" $unformatted
}

# staticcheck.conf and .clang-tidy say what is looked for. It has a module of its own, so that what
# it needs is not in go.mod.
# A reader that stops early, "head" or "grep -q", ends the writer before it by SIGPIPE when there is
# more to write, and with pipefail that is the status of the script: rarely, and only where it matters.
# (GNU grep stops at the first line as well when its output is /dev/null.)
check_scripts() {
    local scripts
    scripts=$(find . \( -name 'build?*' ! -name build.sh -o -name .git -o -name node_modules \) -prune -o \
        -type f \( -name '*.sh' -o -path './.ci/*' -o -path './.github/*' \) -print)
    if grep -nE '^[^#]*[^|]\| *(head\b|grep +-[a-zA-Z]*[qm]|grep [^|]*>/dev/null|sed [^|]*[0-9$/]q\b)' $scripts; then
        die "these pipes end in a reader that stops early; use sed -n 1,5p, [[ \$(...) == *text* ]] or a here string"
    fi
}

# cgo compiles the text in front of import "C" as a file in the directory for temporary ones, where
# #include "x.h" would find whatever header of that name lies there.
check_cgo() {
    if grep -nE '^#include "' capi/*.go bindings/go/*.go; then
        die "cgo would look for these in the directory of temporary files first; use #include <...>"
    fi
}

check_code() {
    check_scripts
    check_cgo
    CGO_ENABLED=1 go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./core/... ./capi/... ./cmake/... ./tests/...
    local here
    here=$(find capi -maxdepth 1 -name '*.c' ! -name '*_windows.c' ! -name '*_other.c' | sort) # the others are for other systems
    # shellcheck disable=SC2086
    clang-tidy --quiet $here ndk/*.c -- -std=gnu11 -Iinclude -Icapi -Indk -DLIBWS_BUILDS
}

test_go() {
    export CGO_ENABLED=1
    go vet ./core/... ./capi/... ./cmake/... ./tests/simulate/...
    (cd tests/interop/go && go vet .)
    # The other systems, which run the goroutine engine, and 32 bits.
    local system
    for system in darwin/arm64 windows/amd64 android/arm64 freebsd/amd64 linux/386 linux/arm; do
        CGO_ENABLED=0 GOOS=${system%/*} GOARCH=${system#*/} go vet ./core/...
    done
    go test -race -timeout 40m ./core/...
    go test ./cmake/...
    # The order of locks, and of phases.
    go test -tags checks -timeout 40m ./core ./core/lock ./core/loop
    # capi/boot.c is linked with the same options by CMake.
    go test -timeout 40m -ldflags=-extldflags=-Wl,--wrap=pthread_getattr_np,--wrap=x_cgo_sys_thread_create,--wrap=x_cgo_thread_start,--wrap=_cgo_try_pthread_create,--wrap=crosscall2 ./capi/...
}

# run_ctest DIRECTORY OPTION...
# On a terminal one line tells how many tests are done.
run_ctest() {
    local progress=()
    if [ -t 1 ]; then progress=(--progress); fi
    ctest --test-dir "$1" -j4 --output-on-failure "${progress[@]}" "${@:2}"
}

# fuzz_one PACKAGE TARGET TIME. When the time is over in the wrong moment go test fails
# with nothing but "context deadline exceeded": that is no finding.
fuzz_one() {
    local said failed=0
    said=$(go test -run '^$' -fuzz "^$2\$" -fuzztime "$3" "$1" </dev/null 2>&1) || failed=$?
    echo "$said"
    ((failed == 0)) || grep -q 'context deadline exceeded' <<<"$said" && ! grep -q 'Failing input' <<<"$said"
}

# fuzz_each TIME: runs every fuzz target of core. Go runs one at a time.
fuzz_each() {
    local package target
    go list ./core/... | while read -r package; do
        go test -list '^Fuzz' "$package" | { grep '^Fuzz' || true; } | while read -r target; do
            fuzz_one "$package" "$target" "$1"
        done
    done
}

# Copies what a long run has found from Go's cache to the corpora, which the tests run
# each time: up to 64 small ones of a target.
keep_corpora() {
    local cache target name
    cache=$(go env GOCACHE)/fuzz/libws
    [ -d "$cache" ] || return 0
    (cd "$cache" && find . -mindepth 1 -type d -name 'Fuzz*') | while read -r target; do
        local kept=${target%/*}/testdata/fuzz/${target##*/}
        [ -d "${target%/*}" ] || continue
        mkdir -p "$kept"
        (cd "$cache/$target" && find . -type f -size -3k -printf '%s %P\n') | sort -n | while read -r _ name; do
            [ "$(find "$kept" -type f | wc -l)" -lt 64 ] || break
            cp -n "$cache/$target/$name" "$kept/"
        done
    done
}

build_fuzzer() { configure_and_build build-fuzzer fuzz_calls -DCMAKE_C_COMPILER=clang -DWS_SANITIZE=fuzzer; }

# fuzz_calls SECONDS: scripts of calls, tests/fuzz. What is new stays in the build directory; a script
# that fails is named and kept in build-fuzzer/tests/fuzz.
fuzz_calls() {
    local directory=build-fuzzer/tests/fuzz
    mkdir -p $directory/found
    ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=64 $directory/fuzz_calls -max_total_time="$1" -max_len=2048 -timeout=300 \
        -rss_limit_mb=6000 -print_final_stats=1 -artifact_prefix=$directory/ $directory/found tests/fuzz/corpus
}

# Takes into the corpus, which the tests play each time, what runs code that nothing there runs.
keep_scripts() {
    local directory=build-fuzzer/tests/fuzz
    ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=64 $directory/fuzz_calls -merge=1 -use_counters=0 -max_len=2048 \
        -timeout=300 -rss_limit_mb=6000 tests/fuzz/corpus $directory/found
}

fuzz_long() {
    [[ ${1-} =~ ^[1-9][0-9]*$ ]] || die "fuzz wants a number of minutes"
    stage "tools" check_tools fuzz
    stage "fuzzing of parsers" fuzz_each "${1}m"
    keep_corpora
    stage "build for libFuzzer" build_fuzzer
    stage "fuzzing of calls" fuzz_calls "$(($1 * 60))"
    stage "new scripts" keep_scripts
}

# simulate_for SECONDS SEEDS SEED
simulate_for() { tests/simulate/simulate.sh build/simulate "$@"; }

simulate_long() {
    [[ ${1-} =~ ^[1-9][0-9]*$ ]] || die "simulate wants a number of minutes"
    [[ ${2:-1} =~ ^[0-9]+$ ]] || die "a seed is a number"
    stage "tools" check_tools build
    stage "simulation" simulate_for $(($1 * 60)) 1000000000 "${2:-$(date +%s)000}"
}

build_sanitizers() {
    stage "build with address sanitizer" configure_and_build build-address all -DWS_REQUIRE_ALL_TESTS=ON -DWS_SANITIZE=address
    stage "build with thread sanitizer" configure_and_build build-thread all -DWS_REQUIRE_ALL_TESTS=ON -DWS_SANITIZE=thread
}

# A log on the stack of a function that has returned while its handle still has events is found as well.
ctest_with_addresses() { ASAN_OPTIONS=detect_stack_use_after_return=1 run_ctest build-address "$@"; }

# Memory errors, leaks and undefined behaviour in every C test; races where the host
# has threads. Valgrind is in the plain build's tests.
test_sanitizers() {
    build_sanitizers
    stage "ctest with address sanitizer" ctest_with_addresses -L "^(inline|sanitizer)$" -E "[.](goroutine|tls)"
    stage "ctest with thread sanitizer" run_ctest build-thread -L "^(threads|sanitizer)$" -E "[.](goroutine|queue|thread|tls)"
}

# All tests, on both engines and with every way to receive. The raw peers' OpenSSL is
# not built for the thread sanitizer, which therefore sees races in it.
test_sanitizers_long() {
    build_sanitizers
    stage "all of ctest with address sanitizer" ctest_with_addresses
    stage "ctest with thread sanitizer" run_ctest build-thread -E "[.]tls"
}

# ---- other targets -----------------------------------------------------------------

# configure_target TARGET OPTION...: in build-TARGET, by a toolchain of its own.
configure_target() {
    local target=$1
    shift
    tests/targets/target.sh "$target" "build-$target/toolchain"
    cmake -S . -B "build-$target" -DCMAKE_TOOLCHAIN_FILE="$PWD/build-$target/toolchain/toolchain.cmake" "$@"
}

build_target() {
    local target=$1
    shift
    cmake --build "build-$target" --parallel "$(nproc)" --target ws_go "$@"
}

# run_target TARGET OPTION...: the C tests inline on epoll, and what is about the target; more by options.
run_target() {
    ctest --test-dir "build-$1" -j4 --output-on-failure -L '^(inline|target|ndk)$' -E '[.](goroutine|tls)' "${@:2}"
    ctest --test-dir "build-$1" -j4 --output-on-failure -R '^(certs|seccomp|ndk_verification_tls)'
}

# What of musl the test command has time for: 3 minutes. Tests that wait long are left to test-long.
musl_quickly() {
    configure_target musl -DWS_TEST_LOAD=dlopen
    build_target musl dlopen_tests target_tests
    ctest --test-dir build-musl -j8 --output-on-failure -L '^(inline|target|ndk)$' \
        -E '[.](goroutine|tls)|^(topics_give_memory_back|host_calls_are_not_interrupted|topics_slow_reader|reconnects_|idle_and_write|server_deadlines|connect_step_timeouts|clients_that_wait|echo_64mib|threads_run_out|heartbeat|memory_budget_crowd|ndk_fields|ndk_destroy_waits)'
    ctest --test-dir build-musl -j4 --output-on-failure -R '^(certs|seccomp|ndk_verification_tls)'
}

musl_all() {
    configure_target musl -DWS_TEST_LOAD="linked;dlopen"
    build_target musl linked_tests dlopen_tests target_tests
    build-musl/examples_c/hello
    run_ctest build-musl -L '^(c|target|ndk)$'
}

musl_new() {
    configure_target musl-new -DWS_TEST_LOAD=dlopen
    build_target musl-new dlopen_tests target_tests
    build-musl-new/examples_c/hello
    run_target musl-new
}

arm64_all() {
    configure_target arm64
    build_target arm64 linked_tests target_tests
    qemu-aarch64 -L /usr/aarch64-linux-gnu build-arm64/examples_c/hello
    run_target arm64
}

# Tests in an order of their own until the time is over: those that are not reached are told.
musl_arm64() {
    configure_target musl-arm64 -DWS_TEST_LOAD=dlopen
    build_target musl-arm64 dlopen_tests target_tests
    qemu-aarch64 build-musl-arm64/examples_c/hello
    ctest --test-dir build-musl-arm64 -j4 --output-on-failure -L target
    ctest --test-dir build-musl-arm64 -j4 --output-on-failure -L '^(inline|ndk)$' \
        -R '^(certs|echo_|cancel|first_call|load_does|dlopen|close_|send_|queue_|topics$|compression|listeners|stale|null_and|forked|threads_send|eight_|small_thread|coroutine|koffi|names_only|ndk_)' \
        -E '[.]goroutine|echo_64mib|close_deadline|topics_slow'
}

# libws.a: its names, and the C tests, inline on epoll, with the library inside.
static_all() {
    configure_and_build build-static linked_tests -DWS_BUILD_STATIC=ON -DWS_TEST_LOAD=static
    tests/abi/static.sh readelf build-static/libws.a
    ctest --test-dir build-static -j4 --output-on-failure -L '^inline$' -E '[.](goroutine|tls)|^(handover|wakes|beside_a_jvm|ndk_|cpp_)'
}

macos_all() {
    local cpu
    tests/targets/target.sh old build-macos/toolchain
    for cpu in arm64 x86_64; do
        ZIG=$PWD/build-macos/toolchain/zig/ziglang/zig cmake/macos/build.sh $cpu build-macos/$cpu
    done
}

windows_all() {
    tests/windows/node/fetch.sh build-windows/npm
    cmake -S . -B build-windows -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/mingw-w64.cmake" -DWS_BUILD_NDK=OFF \
        -DWS_NODE_API="$PWD/build-windows/npm/node/node_modules/node-api-headers/include"
    cmake --build build-windows --parallel "$(nproc)"
    tests/windows/check_dll.sh build-windows/libws.dll build-windows/libws.def
    ctest --test-dir build-windows -j4 --output-on-failure -L windows
}

# The addon for Node, where its tests do not run each time: see there. Behind the targets, whose builds it takes.
node_elsewhere() {
    cmake --build build-arm64 --parallel "$(nproc)" --target ws_node
    cmake --build build-musl --parallel "$(nproc)" --target ws_node
    bindings/node/test/elsewhere.sh build/node-elsewhere build build-arm64 build-musl build-musl-new build-windows
}

one_target() {
    stage "tools" check_tools "$1"
    stage "$1" "$2"
}

# ohos ARCHITECTURE: one of the SDK's names.
ohos_for() {
    cmake -S . -B "build-ohos/$1" -DCMAKE_TOOLCHAIN_FILE="$OHOS_NATIVE/build/cmake/ohos.toolchain.cmake" -DOHOS_ARCH="$1" \
        -DWS_BUILD_TESTS=OFF
    cmake --build "build-ohos/$1" --parallel "$(nproc)" --target ws_go net_websocket examples
    local symbols=tests/ohos/libc_symbols.txt
    tests/targets/check_elf.sh readelf nm "build-ohos/$1/libws.so" libws.so 'ws_[a-z0-9_]+' libc.so $symbols
    tests/targets/check_elf.sh readelf nm "build-ohos/$1/libws_net_websocket.so" libws_net_websocket.so \
        '(OH_WebSocketClient_|ws_ndk_)[A-Za-z_]+' 'libc.so libws.so' $symbols
}

ohos() {
    local says='set OHOS_NATIVE to the directory "native" of the SDK of OpenHarmony, such as OHOS_NATIVE=/opt/ohos-sdk/linux/native'
    [ -n "${OHOS_NATIVE-}" ] || die "$says"
    local file
    for file in build/cmake/ohos.toolchain.cmake llvm/bin/clang sysroot/usr/include; do
        [ -e "$OHOS_NATIVE/$file" ] || die "OHOS_NATIVE is $OHOS_NATIVE, where there is no $file; $says"
    done
    stage "tools" check_tools ohos
    stage "arm64-v8a" ohos_for arm64-v8a
    stage "x86_64" ohos_for x86_64
    stage "HAR" packaging/ohos/har.sh build-ohos build-ohos/libws.har
}

# What can be shown without the SDK: the build under the system's name, by a musl that reads
# RELR (tests/ohos/stand_in). No compiler, header or libc of the SDK takes part.
ohos_stand_in() {
    tests/targets/target.sh musl-new build-musl-new/toolchain
    cmake -S . -B build-ohos/stand-in -DWS_STAND_IN="$PWD/build-musl-new/toolchain" -DWS_TEST_LOAD=dlopen \
        -DCMAKE_TOOLCHAIN_FILE="$PWD/tests/ohos/stand_in/toolchain.cmake"
    cmake --build build-ohos/stand-in --parallel "$(nproc)" --target ws_go dlopen_tests target_tests
    run_target ohos/stand-in
}

build() {
    stage "tools" check_tools build
    stage "build" configure_and_build build examples
    stage "hello" build/examples_c/hello
}

# Random and scripted calls on a library that checks the invariants of the model of a slot, and
# traces of the model on it.
invariants() {
    stage "build with invariants" configure_and_build build-invariants all -DWS_REQUIRE_ALL_TESTS=ON -DWS_DEBUG_INVARIANTS=ON
    stage "ctest with invariants" run_ctest build-invariants -R "^(certs|random_|fuzz_|model_replay|queue_slots_change_hands|queue_shutdown_drains|shutdown_wait|queue_thread_outlives)"
}

# Ends with CTest's own summary of the normal build, and what took longest of all.
test_all() {
    plan 15
    stage "tools" check_tools test
    stage "gofmt" check_format
    stage "staticcheck and clang-tidy" check_code
    stage "go tests" test_go
    stage "simulation of 10,000 seeds" simulate_for 60 10000 1
    stage "build" configure_and_build build all -DWS_REQUIRE_ALL_TESTS=ON
    stage "build with cgocheck2" configure_and_build build-cgocheck2 all -DWS_REQUIRE_ALL_TESTS=ON -DWS_GOEXPERIMENT=cgocheck2
    # What crosses between Go and C depends neither on the engine nor on TLS.
    stage "ctest with cgocheck2" run_ctest build-cgocheck2 -L epoll -E "[.]tls$"
    test_sanitizers
    stage "C tests by dlopen on musl" musl_quickly
    stage "ctest" run_ctest build
    tell_longest build build-cgocheck2 build-address build-thread
}

cluster() {
    stage "tools" check_tools cluster
    stage "build" configure_and_build build examples
    scripts/cluster.sh build "${1:-8080}"
}

# soak ENGINE MINUTES
soak() { WS_ENGINE=$1 build/tests/soak/soak --seconds "$(($2 * 60))"; }

soak_alone() {
    [[ ${1-} =~ ^[1-9][0-9]*$ ]] || die "soak wants a number of minutes"
    stage "tools" check_tools soak
    stage "build" configure_and_build build soak
    stage "soak" soak "${WS_ENGINE-epoll}" "$1"
}

# Random calls for five minutes: new seeds in every mode, each printed by the program.
random_long() {
    local directory engine receive
    for directory in build build-cgocheck2; do
        for engine in epoll goroutine; do
            for receive in mixed inline queue thread; do
                MALLOC_PERTURB_=165 WS_ENGINE=$engine "$directory/tests/random/random_calls" \
                    --seconds 20 --receive "$receive" --threads 6 --loops "$((RANDOM % 2 + 1))"
            done
        done
    done
}

# Every system call refused with every errno, early and late, once and for ever.
refusals_long() {
    local engine
    ctest --test-dir build -R '^certs$' --output-on-failure
    for engine in epoll goroutine; do
        WS_ENGINE=$engine build/tests/refusals/refusals build/tests/refusals/refused_life build/tests/certs.d --all
    done
}

# The package for Python: 10,000 connections and a million messages, and each CPython of this machine.
python_long() {
    local tests=build/tests/python
    ctest --test-dir build -R '^python_wheel$' --output-on-failure
    PYTHONPATH=$tests/python.d/site $tests/tools/bin/python -B bindings/python/test/growth.py 10000 1000000
    bindings/python/test/versions.sh "$tests/wheels" build/python-versions
}

# The programs of Qt and Boost.Asio, and what the page says of them.
loops_long() {
    cmake --build build --target loops_long
    ctest --test-dir build -R '^docs_snippets$' --output-on-failure
}

# The wheel for musl in a CPython for musl.
python_musl() {
    bindings/python/test/musl.sh build/tests/python/tools build-musl/libws.so build/python-musl
}

# Java 8 is not installed, and runs in a directory of its own, which only root can.
java_old() {
    [ "$(id -u)" = 0 ] || { echo "Java 8 wants root: not run"; return 0; }
    bindings/java/test/java8.sh build/libws.so build/tests/java/out/repository build/java8
}

# docs/grafana.json by the schema that Grafana publishes, and its queries by a Prometheus.
dashboard() {
    (cd tests/dashboard && go vet . && go run . ../../docs/grafana.json)
    /usr/bin/python3 -B tests/dashboard/prometheus.py build/examples_c/metrics
}

core_with_32_bits() {
    CGO_ENABLED=0 GOARCH=386 go test -timeout 40m ./core/...
    CGO_ENABLED=0 GOARCH=arm go test -timeout 40m -exec qemu-arm ./core/wire ./core/handshake ./core/deflate ./core/ebb
}

test_long() {
    stage "tools" check_tools test-long
    stage "tools for fuzzing" check_tools fuzz
    stage "build" configure_and_build build all -DWS_REQUIRE_ALL_TESTS=ON
    stage "build with cgocheck2" configure_and_build build-cgocheck2 random_calls -DWS_REQUIRE_ALL_TESTS=ON -DWS_GOEXPERIMENT=cgocheck2
    # The tests have played the kept inputs; what chance finds beside them belongs here.
    stage "fuzzing of parsers" fuzz_each 30s
    stage "random calls" random_long
    stage "build for libFuzzer" build_fuzzer
    stage "fuzzing of calls" fuzz_calls 120
    invariants
    stage "model of a slot" tests/model/run.sh spin long
    # The simulator finds what it is there for; all others by tests/simulate/planted.sh.
    stage "planted faults" tests/simulate/planted.sh build/planted 100000 slot_released_early end_of_listening_told_late
    stage "Python" python_long
    stage "dashboard" dashboard
    stage "docs" make_docs
    stage "docs in a browser" docs_in_a_browser
    stage "cycles" ctest --test-dir build -L cycles --output-on-failure
    stage "refusals" refusals_long
    stage "Rust: lints, address sanitizer, peers, packages" bindings/rust/long.sh build
    stage "soak" soak epoll 5
    stage "JVMs" cmake --build build --target java_long
    stage "Java 8" java_old
    stage "peers in a JVM" cmake --build build --target jvm_peers_long
    stage "bridge over NATS" cmake --build build --target nats_long
    stage "loops of Qt and Boost" loops_long
    stage "real services" cmake --build build --target services_long
    stage "musl" musl_all
    stage "Python for musl" python_musl
    stage "newer musl" musl_new
    stage "stand-in for OpenHarmony" ohos_stand_in
    stage "arm64" arm64_all
    stage "musl on arm64" musl_arm64
    stage "windows" windows_all
    stage "macos" macos_all
    stage "static library" static_all
    stage "addon for Node elsewhere" node_elsewhere
    stage "core with 32 bits" core_with_32_bits
    stage "the forge's CI file" go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12 .github/workflows/ci.yml
    packages
    stage "next Go" scripts/next_go.sh
    test_sanitizers_long
}

make_docs() {
    cmake -S . -B build
    cmake --build build --target docs
}

# A browser shows every page, without the network.
docs_in_a_browser() {
    WS_CHROMIUM=$(command -v chromium) node build/tests/node/site.mjs build/site/html build/site/screenshots
}

docs() {
    stage "tools" check_tools docs
    stage "docs" make_docs
    echo "the pages: build/site/html/index.html; a manual page: man build/site/man3/ws_connect.3"
}

dist() {
    stage "tools" check_tools dist
    stage "dist" packaging/dist/dist.sh dist "$@"
}

# What is about packages, each in a script of its own.
packages() {
    local name
    stage "dist" packaging/dist/dist.sh build-packages/dist
    for name in archive deb old_linux reproducible bare recipes known_faults; do
        stage "packages: $name" tests/packages/run.sh "$name" build-packages
    done
}

packages_alone() {
    stage "tools" check_tools packages
    packages
    tell_longest
}

# bench [quick]: the peers are built, but for those that this machine cannot.
bench() {
    local options=()
    case ${1-} in
    "") ;;
    quick) options=(--quick) ;;
    *) die "bench wants quick or nothing" ;;
    esac
    stage "tools" check_tools bench
    stage "build" configure_and_build build bench
    stage "build of other libraries' servers" cmake --build build --target bench_peers
    stage "measuring" tests/bench/bench.py --build build "${options[@]}"
}

# Systems in build-packages may have had /proc and this tree inside: nothing is removed through a mount that stayed.
clean() {
    local mounted
    mounted=$(awk -v here="$PWD/" 'index($2, here "build") == 1 || index($2, here "dist") == 1 { print $2 }' /proc/mounts 2>/dev/null || true)
    [ -z "$mounted" ] || die "these are mounted, please unmount them:" $mounted
    rm -rf dist build build-go build-next-go build-dist build-packages build-old build-old-arm64 build-cgocheck2 build-address build-thread build-fuzzer build-invariants build-musl build-musl-new build-arm64 build-musl-arm64 build-ohos build-windows build-macos build-static
}

case ${1-} in
"") build ;;
test) test_all ;;
soak) soak_alone "${2-}" ;;
fuzz) fuzz_long "${2-}" ;;
simulate) simulate_long "${2-}" "${3-}" ;;
test-long) test_long ;;
cluster) cluster "${2-}" ;;
bench) bench "${2-}" ;;
docs) docs ;;
arm64) one_target arm64 arm64_all ;;
musl) one_target musl musl_all ;;
musl-new) one_target musl-new musl_new ;;
musl-arm64) one_target musl-arm64 musl_arm64 ;;
windows) one_target windows windows_all ;;
macos) one_target macos macos_all ;;
ohos) ohos ;;
dist) dist "${@:2}" ;;
packages) packages_alone ;;
next-go)
    stage "tools" check_tools soak
    stage "next Go" scripts/next_go.sh "${@:2}"
    ;;
clean) clean ;;
help | -h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
