#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# in_root.sh [--fresh] ROOT [--bind DIRECTORY]... COMMAND...: runs it in the system that root.sh has made in ROOT.
# This source tree and the directories named have the same paths there. --fresh: what is written to the
# system is in memory, and gone when the command ends, as all mounts are. Wants to be root.
set -euo pipefail
if [ "${WS_IN_ROOT-}" = "" ]; then
    export WS_IN_ROOT=mounts
    exec unshare --mount --propagation private bash "$0" "$@"
fi
unset WS_IN_ROOT
fresh=0
[ "$1" != --fresh ] || { fresh=1 && shift; }
root=$1
shift
directories=("$(cd "$(dirname "$0")/../.." && pwd)")
while [ "${1-}" = --bind ]; do
    directories+=("$2")
    shift 2
done
if [ $fresh = 1 ]; then
    mount -t tmpfs none /mnt
    mkdir /mnt/{written,work,root}
    mount -t overlay none -o "lowerdir=$root,upperdir=/mnt/written,workdir=/mnt/work" /mnt/root
    root=/mnt/root
fi
for directory in /proc /dev /sys "${directories[@]}"; do
    mkdir -p "$root$directory"
    mount --rbind "$directory" "$root$directory"
done
exec chroot "$root" /bin/sh -c 'cd "$0" 2>/dev/null || cd /; exec "$@"' "$PWD" "$@"
