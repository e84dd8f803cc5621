#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# dist.sh OUT [TARGET...]: archives, .deb and .rpm in OUT, with SHA256SUMS; the same bytes whatever the directory.
#
#   old, old-arm64      glibc 2.17 and later: .tar.gz, .deb, .rpm
#   musl, musl-arm64    .tar.gz
#   windows             .tar.gz, by mingw-w64
#
# Each target is built in build-dist/TARGET, those for Linux by the compiler that tests/targets/target.sh makes.
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ $# != 0 ] || set -- old old-arm64 musl musl-arm64 windows
[ -n "${SOURCE_DATE_EPOCH-}" ] || SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)
export SOURCE_DATE_EPOCH
# What is released has the Go that go.mod names, whatever this machine has: known faults are mended in it.
GOTOOLCHAIN=$(sed -n 's/^toolchain //p' go.mod)
export GOTOOLCHAIN
part() { sed -n "s/^#define WS_VERSION_$1 \([0-9]*\).*/\1/p" include/libws/ws_types.h; }
version=$(part MAJOR).$(part MINOR).$(part PATCH)
build_root=$PWD/build-dist

# configure TARGET LIBDIR DOC_NAME RPATH LINKER_FLAG. libws.a is for glibc only.
configure() {
    local target=$1 build=$build_root/$1 static=ON
    case $target in musl*) static=OFF ;; esac
    cmake -S . -B "$build" -DCMAKE_TOOLCHAIN_FILE="$build_root/$target/toolchain/toolchain.cmake" \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS="-ffile-prefix-map=$PWD=libws" \
        -DWS_RELR=OFF -DWS_SEPARATE_DEBUG=ON -DWS_BUILD_TOOLS=ON -DWS_BUILD_EXAMPLES=OFF -DWS_BUILD_TESTS=OFF -DWS_BUILD_BRIDGES=OFF -DWS_BUILD_NODE=OFF -DWS_BUILD_STATIC=$static \
        -DCMAKE_INSTALL_PREFIX=/usr -DCMAKE_INSTALL_LIBDIR="$2" -DWS_DOC_NAME="$3" -DCMAKE_INSTALL_RPATH="$4" \
        -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON -DCMAKE_EXE_LINKER_FLAGS="$5" >"$build/configured"
}

# sbom LIBRARY FILE: what is linked in, as the library itself says, in CycloneDX. It has a module of its own.
sbom() {
    CGO_ENABLED=0 GOOS='' GOARCH='' go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 bin -json -std \
        -noserial -version "v$version" -output "$2.part" "$1"
    packaging/dist/sbom.py "$2.part" "$SOURCE_DATE_EPOCH" THIRD_PARTY.md >"$2"
    rm "$2.part"
}

# archive DIRECTORY NAME: packs DIRECTORY/NAME, with the sums of its files in it.
archive() {
    (cd "$1/$2" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >SHA256SUMS)
    tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu -C "$1" -cf - "$2" |
        gzip -9n >"$out/$2.tar.gz"
}

# release TARGET CPU LIBC TRIPLET [LINKER_FLAG]
release() {
    local target=$1 name=libws-$version-linux-$2-$3 stage=$build_root/$1/stage dbg component
    dbg=$name-dbg
    mkdir -p "$build_root/$target"
    tests/targets/target.sh "$target" "$build_root/$target/toolchain"
    # shellcheck disable=SC2016
    configure "$target" lib libws '$ORIGIN/../lib' "${5-}"
    cmake --build "$build_root/$target" --parallel "$(nproc)"
    cmake --build "$build_root/$target" --target manual
    sbom "$build_root/$target/libws.so" "$build_root/$target/libws.cdx.json"
    rm -rf "$stage"
    for component in runtime development tools ndk; do
        cmake --install "$build_root/$target" --prefix "$stage/$name" --component $component >/dev/null
    done
    cmake --install "$build_root/$target" --prefix "$stage/$dbg" --component debug >/dev/null
    cp docs/install.md "$stage/$name/share/doc/libws/"
    cp LICENSE THIRD_PARTY.md "$stage/$dbg/"
    archive "$stage" "$name"
    archive "$stage" "$dbg"
    [ "$3" = glibc ] || return 0
    packages "$target" DEB "lib/$4" "libws${version%.*}"
    packages "$target" RPM lib64 libws
}

# packages TARGET GENERATOR LIBDIR DOC_NAME
packages() {
    configure "$1" "$3" "$4" "" ""
    cmake --build "$build_root/$1" --target libws-cat ws-echo # their rpath
    rm -rf "$build_root/$1/_CPack_Packages" "$build_root/$1/packages"
    (cd "$build_root/$1" && cpack -G "$2" -B packages >cpack.log 2>&1) || { cat "$build_root/$1/cpack.log" && exit 1; }
    find "$build_root/$1/packages" -maxdepth 1 \( -name '*.deb' -o -name '*.rpm' \) -exec cp {} "$out/" \;
}

windows() {
    local build=$build_root/windows name=libws-$version-windows-x86-64 stage=$build_root/windows/stage
    mkdir -p "$build"
    cmake -S . -B "$build" -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/mingw-w64.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_FLAGS="-ffile-prefix-map=$PWD=libws" -DCMAKE_INSTALL_PREFIX=/libws -DCMAKE_INSTALL_LIBDIR=lib -DWS_BUILD_NDK=OFF -DWS_BUILD_NODE=OFF \
        -DWS_BUILD_EXAMPLES=OFF -DWS_BUILD_TESTS=OFF >"$build/configured"
    cmake --build "$build" --target ws_go
    tests/windows/check_dll.sh "$build/libws.dll" "$build/libws.def"
    sbom "$build/libws.dll" "$build/libws.cdx.json"
    rm -rf "$stage"
    cmake --install "$build" --prefix "$stage/$name" >/dev/null
    cp docs/install.md "$stage/$name/share/doc/libws/"
    archive "$stage" "$name"
}

for target in "$@"; do
    echo "== $target"
    case $target in
    old) release old x86-64 glibc x86_64-linux-gnu ;;
    old-arm64) release old-arm64 arm64 glibc aarch64-linux-gnu ;;
    musl) release musl x86-64 musl - ;;
    # The loader is that of the build directory else.
    musl-arm64) release musl-arm64 arm64 musl - -Wl,--dynamic-linker=/lib/ld-musl-aarch64.so.1 ;;
    windows) windows ;;
    *) echo "dist.sh: no target $target" >&2 && exit 2 ;;
    esac
done
(cd "$out" && find . -maxdepth 1 -name 'libws*' -printf '%P\n' | sort | xargs sha256sum >SHA256SUMS && ls -l)
