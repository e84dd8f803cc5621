#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# deb.sh OUT: runs in a clean root, as root (in_root.sh --fresh). The .deb of OUT are installed, used by programs
# that pkg-config and find_package build, without an rpath, and removed, with nothing left.
set -euo pipefail
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
out=$1 consumer=$(cd "$(dirname "$0")/../abi/consumer" && pwd) examples=$(cd "$(dirname "$0")/../../examples_c" && pwd)
work=$(mktemp -d)
failed=0
fail() {
    echo "FAILED: $*"
    failed=1
}
exec 3>&1
say() { echo "# $*" >&3 && "$@"; }
runtime=$(find "$out" -name 'libws[0-9]*_amd64.deb' ! -name '*-dbg_*')
version=$(dpkg-deb -f "$runtime" Version)
version=${version%-*}
name=$(dpkg-deb -f "$runtime" Package)
[ "$(dpkg --compare-versions "$version" ge 0.1.0 && echo newer)" = newer ] || { echo "FAILED: no package in $out" && exit 1; }

. /etc/os-release
echo "== $PRETTY_NAME, $(ldd --version | sed -n 1p)"
apt-get update -q >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
apt-get install -y -q --no-install-recommends gcc libc6-dev cmake make pkg-config binutils >"$work/log" 2>&1 || { tail -20 "$work/log" && exit 1; }
find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var -o -path /mnt \) -prune -o -print | sort >"$work/before"

say apt-get install -y -q --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Progress-Fancy=0 "$runtime" "$out"/libws-dev_*_amd64.deb "$out"/libws-tools_*_amd64.deb
say dpkg -s "$name" | grep -E '^(Package|Status|Version|Depends)'
say dpkg -V "$name" libws-dev libws-tools || fail "dpkg --verify"
say ldconfig -p | grep libws || fail "ldconfig does not know it"

echo '# cc main.c $(pkg-config --cflags --libs libws)'
# shellcheck disable=SC2046
cc "$consumer/main.c" $(pkg-config --cflags --libs libws) -o "$work/by_pkg_config"
! readelf -d "$work/by_pkg_config" | grep -E 'RPATH|RUNPATH' || fail "pkg-config gives an rpath"
say "$work/by_pkg_config" | tee "$work/said"
[ "$(cat "$work/said")" = "$version" ] || fail "the program made with pkg-config"

echo '# cmake: find_package(libws)'
cmake -S "$consumer" -B "$work/cmake" -DWS_TARGET=libws::libws -DWS_WANT="${version%.*}" >"$work/log" 2>&1 || { cat "$work/log"; fail "find_package"; }
cmake --build "$work/cmake" >"$work/log" 2>&1 || { cat "$work/log"; fail "building"; }
cmake --install "$work/cmake" --prefix "$work/installed" >"$work/log" 2>&1 || { cat "$work/log"; fail "installing"; }
! readelf -d "$work/cmake/consumer" | grep -E 'RPATH|RUNPATH' || fail "find_package gives an rpath"
say "$work/cmake/consumer" | tee "$work/said"
[ "$(cat "$work/said")" = "$version" ] || fail "the program made with find_package"

echo '# cc -static hello.c $(pkg-config --static --cflags --libs libws)'
# shellcheck disable=SC2046
cc -static "$examples/hello.c" $(pkg-config --static --cflags --libs libws) -o "$work/one_file" >"$work/log" 2>&1 || { cat "$work/log"; fail "linking by -static"; }
say "$work/one_file" | tee "$work/said"
grep -qx 'on message, message:bye' "$work/said" || fail "the program with libws.a"

echo '# cmake: find_package(libws), libws::static'
cmake -S "$consumer" -B "$work/static" -DWS_TARGET=libws::static -DWS_WANT="${version%.*}" -DWS_SOURCE="$examples/hello.c" >"$work/log" 2>&1 ||
    { cat "$work/log"; fail "find_package for libws::static"; }
cmake --build "$work/static" >"$work/log" 2>&1 || { cat "$work/log"; fail "building with libws::static"; }
! readelf -d "$work/static/consumer" | grep -E 'RPATH|RUNPATH|NEEDED.*libws' || fail "libws::static wants a library"
say "$work/static/consumer" | tee "$work/said"
grep -qx 'on message, message:bye' "$work/said" || fail "the program made with libws::static"

echo '# ws-echo --port 0 & echo hello | libws-cat ws://...'
ws-echo --port 0 >"$work/echo" &
server=$!
for _ in $(seq 200); do
    grep -o '[0-9][0-9]*' "$work/echo" >/dev/null && break
    sleep 0.05
done
cat "$work/echo"
port=$(grep -oE '[0-9]{4,5}' "$work/echo" | sed -n '$p')
say sh -c "echo hello | libws-cat ws://127.0.0.1:$port/" | tee "$work/said"
kill "$server"
wait "$server" || true
grep -qx hello "$work/said" || fail "libws-cat did not get its line back"
say wscat --version | grep -x "libws-cat $version" || fail "wscat is not libws-cat"

id=$(readelf -n /usr/lib/x86_64-linux-gnu/libws.so | sed -n 's/.*Build ID: //p')
say dpkg -c "$out/$name"-dbg_*_amd64.deb | grep "usr/lib/debug/.build-id/${id:0:2}/${id:2}.debug" || fail "the debug information is not of build id $id"

say apt-get purge -y -q -o Dpkg::Use-Pty=0 -o Dpkg::Progress-Fancy=0 "$name" libws-dev libws-tools
! "$work/by_pkg_config" 2>"$work/said" || fail "the program runs without its library"
cat "$work/said"
for program in "$work/one_file" "$work/static/consumer"; do
    "$program" >"$work/said" || fail "$program, with libws.a, wants the package"
done
find / -xdev \( -path /proc -o -path /sys -o -path /tmp -o -path /var -o -path /mnt \) -prune -o -print | sort >"$work/after"
diff "$work/before" "$work/after" | grep -v '^[0-9]' | grep -vE ' /etc/ld.so.cache$' && fail "these files stayed or went" || true
! ldconfig -p | grep libws || fail "ldconfig still knows it"
[ $failed = 0 ] && echo "== .deb: installed, used and removed"
exit $failed
