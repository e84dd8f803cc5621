#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# known_faults.sh WORK: govulncheck over all that is linked in, against the data base of Go's security team: the
# one that the tool asks, or, where that is not reached, the module golang.org/x/vulndb, which has the same reports.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
work=$(cd "$1" && pwd)
tool=golang.org/x/vuln/cmd/govulncheck@v1.9.0
# Of the Go that dist.sh builds with, and without HTTP/2, as the library is (cmake/Size.cmake).
GOTOOLCHAIN=$(sed -n 's/^toolchain //p' go.mod)
export CGO_ENABLED=1 GOTOOLCHAIN GOFLAGS=-tags=nethttpomithttp2
if ! go run $tool ./capi >"$work/said" 2>&1 && grep -qE 'fetching|dial tcp|connection|no such host|EOF|timeout' "$work/said"; then
    said=$(cd "$work" && go mod download -json golang.org/x/vulndb@latest)
    directory=$(sed -n 's/.*"Dir": "\(.*\)".*/\1/p' <<<"$said")
    version=$(sed -n 's/.*"Version": "\(.*\)".*/\1/p' <<<"$said")
    if [ "$(cat "$work/db/version" 2>/dev/null)" != "$version" ]; then
        rm -rf "$work/db"
        (cd "$work" && go run "golang.org/x/vulndb/cmd/indexdb@$version" -vulns "$directory/data/osv" -out "$work/db")
        echo "$version" >"$work/db/version"
    fi
    echo "reports of golang.org/x/vulndb $version"
    go run $tool -db "file://$work/db" ./capi ./core/... >"$work/said" 2>&1 || { cat "$work/said" && echo "FAILED: a known fault is reached, or govulncheck failed" && exit 1; }
    # That it looks at all: this version of x/net has faults that are known.
    mkdir -p "$work/faulty"
    printf 'module faulty\n\ngo 1.26.0\n\nrequire golang.org/x/net v0.30.0\n' >"$work/faulty/go.mod"
    printf 'package main\n\nimport (\n\t"os"\n\n\t"golang.org/x/net/html"\n)\n\nfunc main() { html.Parse(os.Stdin) }\n' >"$work/faulty/main.go"
    if (cd "$work/faulty" && GOFLAGS=-mod=mod go run $tool -db "file://$work/db" .) >"$work/faulty/said" 2>&1 || ! grep -q 'GO-202' "$work/faulty/said"; then
        cat "$work/faulty/said" && echo "FAILED: it does not find a fault that is there" && exit 1
    fi
elif ! grep -q 'No vulnerabilities found' "$work/said"; then
    cat "$work/said" && echo "FAILED: a known fault is reached, or govulncheck failed" && exit 1
fi
cat "$work/said"
