#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs Node for Windows: node.sh NODE_EXE ARGUMENT... What it writes goes into a file first, as Node under Wine cannot open
# a pipe that another program has made ("open EBADF").
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
"$(dirname "$0")/../wine.sh" "$@" >"$out" 2>&1 </dev/null || status=$?
cat "$out"
exit $status
