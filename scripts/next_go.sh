#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# next_go.sh [VERSION]: builds and tests with the newest Go that the module proxy has, in build-next-go, so that what
# hangs on the insides of Go (cmake/GoOverlay.cmake and GoRuntime.cmake, cmake/gopatch, core/tls_buffers.go) is
# known to hold before go.mod names that version. Nothing in this tree changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
version=${1-}
[ -n "$version" ] || version=$(GOFLAGS=-mod=mod go list -m -f '{{.Version}}' go@latest)
export GOTOOLCHAIN=go${version#go} CGO_ENABLED=1
echo "next_go.sh: $(go version), and go.mod names $(sed -n 's/^toolchain //p' go.mod)"

go vet ./core/... ./capi/... ./cmake/...
cmake -S . -B build-next-go # a text of the runtime that is not found stops here
cmake --build build-next-go --parallel "$(nproc)"
build-next-go/examples_c/hello
ctest --test-dir build-next-go -j4 --output-on-failure -R '^(certs|abi_(symbols|glibc|layout))$'
ctest --test-dir build-next-go -j4 --output-on-failure -L '^inline$' -E 'echo_64mib|[.]tls_'
go test -timeout 40m ./core/... ./cmake/...
# Names of symbols and sections that gopatch replaces.
tests/targets/target.sh musl build-next-go/musl/toolchain
cmake -S . -B build-next-go/musl -DCMAKE_TOOLCHAIN_FILE="$PWD/build-next-go/musl/toolchain/toolchain.cmake" -DWS_TEST_LOAD=dlopen
cmake --build build-next-go/musl --parallel "$(nproc)" --target ws_go dl_echo_sizes
ctest --test-dir build-next-go/musl -R '^(certs$|file_checks$|echo_sizes[.]dlopen)' -j4 --output-on-failure
echo "next_go.sh: holds with $GOTOOLCHAIN"
