#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What npm has for the addon for Windows, into DIRECTORY/node: headers of Node-API and the names of its functions, and Node for
# Windows, which its packages hold; into DIRECTORY/modules what the addon's tests want. fetch.sh DIRECTORY
set -eu
root=$(cd "$(dirname "$0")/../../.." && pwd)
for place in node:tests/windows/node modules:bindings/node/test; do
    to=$1/${place%%:*} from=$root/${place#*:}
    mkdir -p "$to"
    cmp -s "$from/package-lock.json" "$to/installed" && continue
    cp "$from/package.json" "$from/package-lock.json" "$to/"
    # By force: this machine is not for Windows' programs.
    (cd "$to" && npm ci --force --ignore-scripts --no-audit --no-fund --silent)
    cp "$from/package-lock.json" "$to/installed"
done
