#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# fetch.sh CARGO PLACE: fetches the crate that Cargo.toml names, and makes PLACE a link to uWebSockets' sources in it.
set -eu
cd "$(dirname "$0")"
"$1" fetch --quiet --locked
manifest=$("$1" metadata --format-version 1 --locked --offline | grep -o '"manifest_path":"[^"]*/libuwebsockets-sys-[^"]*"')
manifest=${manifest#*:\"}
ln -sfn "$(dirname "$manifest")/uWebSockets" "$2"
test -e "$2/src/App.h"
