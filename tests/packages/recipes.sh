#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# recipes.sh WORK: Conan, from PyPI, builds and tests the package of its recipe, in a cache of its own. vcpkg comes
# from no package registry: its port is played by vcpkg.cmake and used, and its manifest has the version of the header.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
work=$(cd "$1" && pwd)
[ -e "$work/conan/conan-2.34.0.dist-info" ] ||
    python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --upgrade --target "$work/conan" conan==2.34.0
export PYTHONPATH=$work/conan CONAN_HOME=$work/home
conan() { python3 -m conans.conan "$@"; }
conan profile detect --force >"$work/log" 2>&1 || { cat "$work/log" && exit 1; }
# It is built beside its source else.
rm -rf "$work/test_package"
cp -r packaging/conan/test_package "$work/test_package"
conan create packaging/conan --no-remote -tf "$work/test_package" >"$work/log" 2>&1 || { tail -30 "$work/log" && echo "FAILED: conan create" && exit 1; }
part() { sed -n "s/^#define WS_VERSION_$1 \([0-9]*\).*/\1/p" include/libws/ws_types.h; }
version=$(part MAJOR).$(part MINOR).$(part PATCH)
grep -qx "$version" "$work/log" || { tail -30 "$work/log" && echo "FAILED: the program of test_package" && exit 1; }
python3 -c 'import json, sys; assert json.load(open("packaging/vcpkg/vcpkg.json"))["version"] == sys.argv[1]' "$version" ||
    { echo "FAILED: the version in packaging/vcpkg/vcpkg.json" && exit 1; }
cmake -DWORK="$work/vcpkg" -P tests/packages/vcpkg.cmake >"$work/log" 2>&1 || { tail -30 "$work/log" && echo "FAILED: the port for vcpkg" && exit 1; }
rm -rf "$work/consumer"
{ cmake -S tests/abi/consumer -B "$work/consumer" -DWS_TARGET=libws::libws -DWS_WANT="${version%.*}" \
    "-Dlibws_DIR=$work/vcpkg/packages/share/libws" && cmake --build "$work/consumer"; } >"$work/log" 2>&1 ||
    { tail -30 "$work/log" && echo "FAILED: find_package with the port for vcpkg" && exit 1; }
[ "$("$work/consumer/consumer")" = "$version" ] || { echo "FAILED: the program with the port for vcpkg" && exit 1; }
grep -q "^Redistribution" "$work/vcpkg/packages/share/libws/copyright" || { echo "FAILED: the notices in the port for vcpkg" && exit 1; }
echo "== Conan made and tested libws/$version; the port for vcpkg gives that version, vcpkg itself was not run"
