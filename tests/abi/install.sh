#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An installed tree holds the right files, still works after it was moved, and
# is found by find_package and by pkg-config.
#
#   install.sh BUILD_DIR CMAKE CC PKG_CONFIG VERSION SONAME LIBDIR INCLUDEDIR
set -euo pipefail
export LC_ALL=C
build=$1 cmake=$2 cc=$3 pkg_config=$4 version=$5 soname=$6 libdir=$7 includedir=$8
consumer=$(cd "$(dirname "$0")/consumer" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
major=${version%%.*}

fail() {
    echo "FAILED: $*"
    exit 1
}

"$cmake" --install "$build" --prefix "$work/first" >"$work/log" 2>&1 || { cat "$work/log"; fail "cmake --install"; }
(cd "$work/first" && find . \( -type f -o -type l \) | sort) >"$work/installed"
nats=
if [ -e "$build/libws_nats.so" ]; then # where NATS's C client is
    nats="./$includedir/ws_nats.h
./$libdir/pkgconfig/libws_nats.pc
./share/doc/libws_nats/LICENSE
./$libdir/libws_nats.so
./$libdir/libws_nats.so${soname#libws.so}
./$libdir/libws_nats.so.$version"
fi
sed '/^$/d' <<END | sort >"$work/expected"
$nats
./$includedir/libws/ws.h
./$includedir/libws/ws.hpp
./$includedir/libws/ws_callbacks.hpp
./$includedir/libws/ws_connection.hpp
./$includedir/libws/ws_coroutines.hpp
./$includedir/libws/ws_events.hpp
./$includedir/libws/ws_options.hpp
./$includedir/libws/ws_server.hpp
./$includedir/libws/ws_status.hpp
./$includedir/libws/ws_views.hpp
./$includedir/libws/ws_options.h
./$includedir/libws/ws_relay.h
./$includedir/libws/ws_server_options.h
./$includedir/libws/ws_types.h
./$includedir/network/netstack/net_websocket.h
./$includedir/network/netstack/net_websocket_type.h
./$libdir/cmake/libws/libws-config-version.cmake
./$libdir/cmake/libws/libws-config.cmake
./$libdir/libnet_websocket.so
./$libdir/libws.so
./$libdir/$soname
./$libdir/libws.so.$version
./$libdir/pkgconfig/libws.pc
./share/libws/declarations.json
./share/doc/libws/CHANGELOG.md
./share/doc/libws/LICENSE
./share/doc/libws/THIRD_PARTY.md
END
diff "$work/expected" "$work/installed" || fail "expected (<) and installed (>) files differ"
[ "$(readlink "$work/first/$libdir/$soname")" = "libws.so.$version" ] || fail "$soname is not a link to libws.so.$version"
[ "$(readlink "$work/first/$libdir/libws.so")" = "$soname" ] || fail "libws.so is not a link to $soname"

# Moved, with a blank in its path.
prefix="$work/second place"
mv "$work/first" "$prefix"
if grep -rlF "$work/first" "$prefix"; then
    fail "these files hold the path they were installed to"
fi

targets=(libws::libws ws::ws)
[ -z "$nats" ] || targets+=(libws::ws_nats)
for target in "${targets[@]}"; do
    "$cmake" -S "$consumer" -B "$work/$target" -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" -DWS_TARGET=$target \
        -DWS_WANT="${version%.*}" >"$work/log" 2>&1 || { cat "$work/log"; fail "find_package(libws ${version%.*})"; }
    "$cmake" --build "$work/$target" >"$work/log" 2>&1 || { cat "$work/log"; fail "building against $target"; }
    [ "$("$work/$target/consumer")" = "$version" ] || fail "the program made with $target"
done

# 0.2 may differ in an incompatible way.
if "$cmake" -S "$consumer" -B "$work/newer" -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
    -DWS_TARGET=libws::libws -DWS_WANT="$major.999" >"$work/log" 2>&1; then
    fail "find_package(libws $major.999) takes $version"
fi

export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
[ "$("$pkg_config" --modversion libws)" = "$version" ] || fail "pkg-config --modversion"
# pkg-config escapes blanks for a shell, which eval is.
eval "set -- $("$pkg_config" --cflags --libs libws)"
"$cc" "$consumer/main.c" "$@" -o "$work/by_pkg_config" || fail "building with pkg-config"
[ "$(LD_LIBRARY_PATH="$prefix/$libdir" "$work/by_pkg_config")" = "$version" ] || fail "the program made with pkg-config"

# The bridge is in packages of its own; without them find_package says what is missing.
if [ -n "$nats" ]; then
    eval "set -- $("$pkg_config" --cflags --libs libws_nats)"
    "$cc" "$consumer/nats.c" "$@" -o "$work/nats_by_pkg_config" || fail "building with pkg-config libws_nats"
    [ "$(LD_LIBRARY_PATH="$prefix/$libdir" "$work/nats_by_pkg_config")" = "$version" ] || fail "the program made with libws_nats"
    mv "$prefix/$includedir/ws_nats.h" "$work/"
    if "$cmake" -S "$consumer" -B "$work/without" -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
        -DWS_TARGET=libws::ws_nats -DWS_WANT="${version%.*}" >"$work/log" 2>&1; then
        fail "find_package(libws COMPONENTS nats) without it"
    fi
    grep -q 'libws-nats-dev is not installed' "$work/log" || { cat "$work/log"; fail "the reason of that"; }
fi
if [ -n "$nats" ] && command -v dpkg-deb >/dev/null; then
    (cd "$build" && cpack -G DEB -D 'CPACK_COMPONENTS_ALL=nats;nats_development' -B "$work/deb") >"$work/log" 2>&1 ||
        { cat "$work/log"; fail "cpack of the bridge"; }
    package=$(find "$work/deb" -maxdepth 1 -name "libws-nats${soname#libws.so.}_*.deb")
    [ "$(dpkg-deb -f "$package" Depends | tr -d ' ' | sed 's/(=[^)]*)//; s/[0-9.]*$//')" = "libws${soname#libws.so.},libnats" ] ||
        fail "it depends on: $(dpkg-deb -f "$package" Depends)"
    dpkg-deb -x "$package" "$work/root"
    [ "$(find "$work/root" -name '*.so*' -printf '%f\n' | sort)" = "libws_nats.so${soname#libws.so}
libws_nats.so.$version" ] || fail "$package holds: $(dpkg-deb -c "$package")"
    package=$(find "$work/deb" -maxdepth 1 -name 'libws-nats-dev_*.deb')
    dpkg-deb -x "$package" "$work/dev"
    [ "$(find "$work/dev" ! -type d -printf '%f\n' | sort)" = "libws_nats.pc
libws_nats.so
ws_nats.h" ] || fail "$package holds: $(dpkg-deb -c "$package")"
fi

# As a part of another project it installs nothing and builds neither examples nor tests, unless asked.
mkdir "$work/parent"
cat >"$work/parent/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.18)
project(parent LANGUAGES C)
add_library(ws INTERFACE) # a target of its own by that name
add_subdirectory("$(cd "$(dirname "$0")/../.." && pwd)" libws)
if(NOT TARGET libws::libws OR NOT TARGET ws::ws OR WS_BUILD_TESTS OR WS_BUILD_EXAMPLES OR WS_INSTALL)
    message(FATAL_ERROR "not as a part of another project should be")
endif()
END
"$cmake" -S "$work/parent" -B "$work/parent/build" -DCMAKE_C_COMPILER="$cc" >"$work/log" 2>&1 || { cat "$work/log"; fail "add_subdirectory"; }
"$cmake" --install "$work/parent/build" --prefix "$work/parent/installed" >"$work/log" 2>&1 || { cat "$work/log"; fail "installing the parent"; }
[ -z "$(find "$work/parent/installed" -type f 2>/dev/null)" ] || fail "a part of another project installs files"
