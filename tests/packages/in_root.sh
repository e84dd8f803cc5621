#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# in_root.sh ROOT [--bind DIRECTORY]... COMMAND...: runs it in the system that root.sh has unpacked in ROOT, with
# the same paths for this source tree and the directories named, by mounts that end with the command. Wants to be root.
set -euo pipefail
if [ "${WS_IN_ROOT-}" = "" ]; then
    export WS_IN_ROOT=mounts
    exec unshare --mount --propagation private bash "$0" "$@"
fi
root=$1
shift
directories=("$(cd "$(dirname "$0")/../.." && pwd)")
while [ "${1-}" = --bind ]; do
    directories+=("$2")
    shift 2
done
for directory in /proc /dev /sys "${directories[@]}"; do
    mkdir -p "$root$directory"
    mount --rbind "$directory" "$root$directory"
done
unset WS_IN_ROOT
exec chroot "$root" /bin/sh -c 'cd "$0" 2>/dev/null || cd /; exec "$@"' "$PWD" "$@"
