#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# An installed tree holds the right files, still works after it was moved, and
# is found by find_package and by pkg-config.
#
#   install.sh BUILD_DIR CMAKE CC PKG_CONFIG VERSION LIBDIR INCLUDEDIR
set -euo pipefail
export LC_ALL=C
build=$1 cmake=$2 cc=$3 pkg_config=$4 version=$5 libdir=$6 includedir=$7
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
sort >"$work/expected" <<END
./$includedir/network/netstack/net_websocket.h
./$includedir/network/netstack/net_websocket_type.h
./$includedir/ws.h
./$includedir/ws_options.h
./$includedir/ws_server_options.h
./$includedir/ws_types.h
./$libdir/cmake/libws/libws-config-version.cmake
./$libdir/cmake/libws/libws-config.cmake
./$libdir/libnet_websocket.so
./$libdir/libws.so
./$libdir/libws.so.$major
./$libdir/libws.so.$version
./$libdir/pkgconfig/libws.pc
END
diff "$work/expected" "$work/installed" || fail "expected (<) and installed (>) files differ"
[ "$(readlink "$work/first/$libdir/libws.so.$major")" = "libws.so.$version" ] || fail "libws.so.$major is not a link to libws.so.$version"
[ "$(readlink "$work/first/$libdir/libws.so")" = "libws.so.$major" ] || fail "libws.so is not a link to libws.so.$major"

# Moved, with a blank in its path.
prefix="$work/second place"
mv "$work/first" "$prefix"
if grep -rlF "$work/first" "$prefix"; then
    fail "these files hold the path they were installed to"
fi

"$cmake" -S "$consumer" -B "$work/consumer" -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
    -DWS_WANT="${version%.*}" >"$work/log" 2>&1 || { cat "$work/log"; fail "find_package(libws ${version%.*})"; }
"$cmake" --build "$work/consumer" >"$work/log" 2>&1 || { cat "$work/log"; fail "building against ws::ws"; }
[ "$("$work/consumer/consumer")" = "$version" ] || fail "the program made with find_package"

# 0.2 may differ in an incompatible way.
if "$cmake" -S "$consumer" -B "$work/newer" -DCMAKE_C_COMPILER="$cc" -DCMAKE_PREFIX_PATH="$prefix" \
    -DWS_WANT="$major.999" >"$work/log" 2>&1; then
    fail "find_package(libws $major.999) takes $version"
fi

export PKG_CONFIG_PATH="$prefix/$libdir/pkgconfig"
[ "$("$pkg_config" --modversion libws)" = "$version" ] || fail "pkg-config --modversion"
# pkg-config escapes blanks for a shell, which eval is.
eval "set -- $("$pkg_config" --cflags --libs libws)"
"$cc" "$consumer/main.c" "$@" -o "$work/by_pkg_config" || fail "building with pkg-config"
[ "$(LD_LIBRARY_PATH="$prefix/$libdir" "$work/by_pkg_config")" = "$version" ] || fail "the program made with pkg-config"
