#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# archive.sh OUT: every archive of OUT is whole, has what it should have, and is for systems as old as promised.
# Those for this machine are unpacked anywhere, used by a program through pkg-config and find_package without
# being installed, and removed. The .rpm are looked into.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/../.."
out=$(cd "$1" && pwd)
consumer=$PWD/tests/abi/consumer
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}

(cd "$out" && sha256sum --quiet -c SHA256SUMS) || fail "SHA256SUMS"
[ "$(cd "$out" && find . -name 'libws*' | wc -l)" = "$(wc -l <"$out/SHA256SUMS")" ] || fail "SHA256SUMS does not name each file"

# use DIRECTORY: programs of this machine.
use() {
    local tree=$1 version
    version=$(sed -n 's/^Version: //p' "$tree/lib/pkgconfig/libws.pc")
    eval "set -- $(PKG_CONFIG_PATH=$tree/lib/pkgconfig pkg-config --cflags --libs libws)"
    cc "$consumer/main.c" "$@" -o "$work/by_pkg_config"
    if "$work/by_pkg_config" >"$work/said" 2>&1; then fail "it runs without being told where libws is: another libws answers"; fi
    [ "$(LD_LIBRARY_PATH=$tree/lib "$work/by_pkg_config")" = "$version" ] || fail "$tree by pkg-config"
    cmake -S "$consumer" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$tree" -DWS_TARGET=libws::libws -DWS_WANT="${version%.*}" >"$work/log" 2>&1 || { cat "$work/log" && fail "find_package"; }
    cmake --build "$work/cmake" >"$work/log" 2>&1 || { cat "$work/log" && fail "building"; }
    [ "$("$work/cmake/consumer")" = "$version" ] || fail "$tree by find_package"
    # A program that brings the library with it, as docs/install.md says.
    mkdir -p "$work/app/lib"
    cp -P "$tree"/lib/libws.so* "$work/app/lib/"
    cc "$consumer/main.c" "$@" '-Wl,-rpath,$ORIGIN/lib' -o "$work/app/program"
    [ "$("$work/app/program")" = "$version" ] || fail "a program with its library beside it"
    "$tree/bin/ws-echo" --port 0 >"$work/echo" &
    local server=$! port
    for _ in $(seq 200); do
        grep ':' "$work/echo" >/dev/null && break
        sleep 0.05
    done
    port=$(grep -oE '[0-9]{4,5}$' "$work/echo")
    [ "$(echo hello | "$tree/bin/libws-cat" "ws://127.0.0.1:$port/")" = hello ] || fail "libws-cat did not get its line back"
    kill "$server"
    wait "$server" || true
}

# use_static TREE COMPILER [EMULATOR...]: libws.a becomes part of a program: alone, by find_package, and with the C library, by
# pkg-config --static.
use_static() {
    local tree=$1 compiler=$2 program flags library
    shift 2
    tests/abi/static.sh readelf "$tree/lib/libws.a" || fail "$tree/lib/libws.a"
    eval "flags=($(PKG_CONFIG_PATH=$tree/lib/pkgconfig pkg-config --static --cflags --libs libws))"
    # The linker warns that libc looks names up by its shared form.
    "$compiler" -static examples_c/hello.c "${flags[@]}" -o "$work/one_file" >"$work/log" 2>&1 || { cat "$work/log" && fail "pkg-config --static"; }
    eval "library=$(PKG_CONFIG_PATH=$tree/lib/pkgconfig pkg-config --variable=libdir libws)/libws.a"
    "$compiler" examples_c/hello.c -I"$tree/include" "$library" -pthread -o "$work/in_program" >"$work/log" 2>&1 || { cat "$work/log" && fail "libws.a by its name"; }
    cmake -S "$consumer" -B "$work/static" -DCMAKE_C_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$tree" -DWS_TARGET=libws::static -DWS_WANT="" \
        -DWS_SOURCE="$PWD/examples_c/hello.c" >"$work/log" 2>&1 || { cat "$work/log" && fail "find_package for libws::static"; }
    cmake --build "$work/static" >"$work/log" 2>&1 || { cat "$work/log" && fail "building with libws::static"; }
    if grep -q NEEDED <<<"$(readelf -d "$work/one_file")"; then fail "a program by -static wants libraries"; fi
    if grep -q 'NEEDED.*libws' <<<"$(readelf -d "$work/static/consumer")"; then fail "a program with libws::static wants libws.so"; fi
    for program in "$work/one_file" "$work/in_program" "$work/static/consumer"; do
        "$@" "$program" >"$work/said" || fail "$program fails"
        grep -qx 'on message, message:bye' "$work/said" || { cat "$work/said" && fail "$program does not say hello"; }
    done
    rm -rf "$work/static"
}

for archive in "$out"/libws-*-linux-*.tar.gz; do
    name=$(basename "$archive" .tar.gz)
    mkdir "$work/a place"
    tar -C "$work/a place" -xzf "$archive"
    tree="$work/a place/$name"
    [ "$(find "$work/a place" -mindepth 1 -maxdepth 1)" = "$tree" ] || fail "$name: more than one directory"
    (cd "$tree" && sha256sum --quiet -c SHA256SUMS) || fail "$name: SHA256SUMS"
    if grep -rlaF "$PWD" "$tree"; then fail "$name: these files hold the path of the build"; fi
    case $name in
    *-dbg) [ "$(find "$tree/lib/debug/.build-id" -name '*.debug' | wc -l)" = 1 ] || fail "$name: no debug information" ;;
    *)
        for file in include/libws/ws.h lib/libws.so lib/pkgconfig/libws.pc lib/cmake/libws/libws-config.cmake bin/libws-cat share/man/man1/libws-cat.1 share/man/man3/ws_connect.3 bin/ws-echo \
            share/doc/libws/{LICENSE,THIRD_PARTY.md,CHANGELOG.md,install.md,libws.cdx.json}; do
            [ -s "$tree/$file" ] || fail "$name: no $file"
        done
        /usr/bin/python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); assert d["bomFormat"] == "CycloneDX" and len(d["components"]) > 5' \
            "$tree/share/doc/libws/libws.cdx.json" || fail "$name: the list of components"
        case $name in
        *-glibc)
            tests/abi/glibc.sh readelf 2.28 "$tree/lib/libws.so" "$tree/lib/libnet_websocket.so" "$tree/bin/libws-cat" "$tree/bin/ws-echo" || fail "$name: glibc"
            ;;
        *-musl) tests/targets/check_elf.sh readelf nm "$tree/lib/libws.so" "$(cd "$tree/lib" && readlink libws.so)" 'ws_[a-z0-9_]+' libc.so || fail "$name: musl" ;;
        esac
        id=$(readelf -n "$tree/lib/libws.so" | sed -n 's/.*Build ID: //p')
        grep -q "/${id:0:2}/${id:2}.debug$" <<<"$(tar -tzf "${archive%.tar.gz}-dbg.tar.gz")" || fail "$name: its -dbg is of another build"
        case $name in
        *-x86-64-glibc)
            use "$tree"
            use_static "$tree" cc
            ;;
        *-arm64-glibc) use_static "$tree" aarch64-linux-gnu-gcc qemu-aarch64 -L /usr/aarch64-linux-gnu ;;
        esac
        ;;
    esac
    echo "$name: $(stat -c %s "$archive") bytes, $(find "$tree" -type f | wc -l) files"
    rm -rf "$work/a place"
done

# A program of Windows, by mingw-w64 and Wine: through pkg-config and find_package, with the DLL beside it.
use_windows() {
    local tree=$1 version prefix=$work/wine/tests
    version=$(sed -n 's/^Version: //p' "$tree/lib/pkgconfig/libws.pc")
    mkdir -p "$work/windows" "$prefix"
    eval "set -- $(PKG_CONFIG_PATH=$tree/lib/pkgconfig pkg-config --cflags --libs libws)"
    x86_64-w64-mingw32-gcc-posix "$consumer/main.c" "$@" -o "$work/windows/by_pkg_config.exe"
    cmake -S "$consumer" -B "$work/windows/cmake" -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/mingw-w64.cmake" -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=BOTH \
        -Dlibws_DIR="$tree/lib/cmake/libws" -DWS_TARGET=libws::libws -DWS_WANT="${version%.*}" >"$work/log" 2>&1 || { cat "$work/log" && fail "find_package for Windows"; }
    cmake --build "$work/windows/cmake" >"$work/log" 2>&1 || { cat "$work/log" && fail "building for Windows"; }
    cp "$work/windows/cmake/consumer.exe" "$tree/bin/libws.dll" "$work/windows/"
    # A machine with Windows, as tests/windows has one.
    x86_64-w64-mingw32-gcc-posix -shared -o "$work/bcryptprimitives.dll" tests/windows/bcryptprimitives.c -ladvapi32
    export WINEPREFIX=$prefix
    tests/windows/prefix.sh "$work/bcryptprimitives.dll" >"$work/log" 2>&1 || { cat "$work/log" && fail "Wine"; }
    for program in by_pkg_config consumer; do
        [ "$(tests/windows/wine.sh "$work/windows/$program.exe" | tr -d '\r')" = "$version" ] || fail "$program.exe"
    done
    tests/windows/prefix.sh end
}

for archive in "$out"/libws-*-windows-*.tar.gz; do
    name=$(basename "$archive" .tar.gz)
    mkdir "$work/a place"
    tar -C "$work/a place" -xzf "$archive"
    tree="$work/a place/$name"
    (cd "$tree" && sha256sum --quiet -c SHA256SUMS) || fail "$name: SHA256SUMS"
    if grep -rlaF "$PWD" "$tree"; then fail "$name: these files hold the path of the build"; fi
    for file in include/libws/ws.h bin/libws.dll lib/{libws.dll.a,libws.def,pkgconfig/libws.pc,cmake/libws/libws-config.cmake} \
        share/doc/libws/{LICENSE,THIRD_PARTY.md,CHANGELOG.md,install.md,libws.cdx.json}; do
        [ -s "$tree/$file" ] || fail "$name: no $file"
    done
    tests/windows/check_dll.sh "$tree/bin/libws.dll" "$tree/lib/libws.def" || fail "$name: the DLL"
    use_windows "$tree"
    echo "$name: $(stat -c %s "$archive") bytes, $(find "$tree" -type f | wc -l) files"
    rm -rf "$work/a place"
done

# deb.sh installs those for this machine.
for package in "$out"/*_arm64.deb; do
    cpu=$(dpkg-deb -f "$package" Architecture) wants=$(dpkg-deb -f "$package" Depends | sed -n 's/.*libc6 (>= \([0-9.]*\)).*/\1/p')
    [ "$cpu" = arm64 ] || fail "$package is for $cpu"
    [ "$(printf '%s\n2.28\n' "$wants" | sort -V | sed -n '$p')" = 2.28 ] || fail "$package wants glibc $wants"
    dpkg-deb --fsys-tarfile "$package" | tar -tf - >"$work/names" || fail "$package is not whole"
    [ "$(sort "$work/names")" = "$(dpkg-deb --fsys-tarfile "${package/_arm64/_amd64}" | tar -tf - | sed 's/x86_64-linux-gnu/aarch64-linux-gnu/' | sort)" ] ||
        [ "${package%-dbg_*}" != "$package" ] || fail "$package has other files than for amd64"
done
for package in "$out"/*.rpm; do
    rpm -K --nosignature "$package" >/dev/null || fail "$package is not whole"
    for wants in $(rpm -qp --requires "$package" | sed -n 's/.*(GLIBC_\([0-9.]*\)).*/\1/p'); do
        [ "$(printf '%s\n2.28\n' "$wants" | sort -V | sed -n '$p')" = 2.28 ] || fail "$package wants glibc $wants"
    done
done
# Into a root of its own, without the scripts, which are for a system that has ldconfig.
mkdir -p "$work/rpm"
rpm --root "$work/rpm" --dbpath /rpmdb --ignorearch -i --nodeps --noscripts "$out"/libws-[0-9]*.x86_64.rpm "$out"/libws-devel-*.x86_64.rpm || fail "rpm -i"
prefix=$work/rpm/usr
cc "$consumer/main.c" -I"$prefix/include" -L"$prefix/lib64" -lws -o "$work/by_rpm"
LD_LIBRARY_PATH=$prefix/lib64 "$work/by_rpm" >/dev/null || fail "the library of the .rpm"
rpm --root "$work/rpm" --dbpath /rpmdb -e --nodeps --noscripts libws libws-devel
[ -z "$(find "$work/rpm/usr" -type f)" ] || fail "rpm -e leaves files"
[ $failed = 0 ] && echo "== archives and .rpm: whole, used and removed"
exit $failed
