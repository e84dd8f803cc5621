#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# root.sh SUITE DIR: a small system by debootstrap, of the suites of Debian (bullseye, bookworm, trixie) or Ubuntu
# (xenial, noble), in DIR, for in_root.sh. Wants to be root. What is there already is left alone. Fails when
# no mirror has the suite.
set -euo pipefail
suite=$1 root=$2
here=$(cd "$(dirname "$0")" && pwd)
[ ! -e "$root/complete" ] || exit 0
rm -rf "$root" # of an attempt that has not ended
mkdir -p "$root-made"
options=(--variant=minbase)
case $suite in
xenial | bionic | focal | jammy | noble) # by the mirror that debootstrap knows; Debian has Ubuntu's keys
    dir=$(cd "$root-made" && pwd)
    . "$here/../targets/fetch.sh"
    [ -e "$dir/sys" ] || (cd "$dir" && fetch amd64 trixie ubuntu-keyring) >"$dir/fetched" 2>&1
    options+=("--keyring=$dir/sys/usr/share/keyrings/ubuntu-archive-keyring.gpg" --components=main,universe)
    mirror=()
    # A suite that is newer than this debootstrap is made by the script of all since gutsy; it wants the mirror named.
    scripts=/usr/share/debootstrap/scripts
    [ -e $scripts/$suite ] || mirror=("$(sed -n 's/^[[:space:]]*default_mirror \(.*archive.*\)/\1/p' $scripts/gutsy)" gutsy)
    ;;
*)
    mirror=("$(grep -rhoE '(https?)://[^ ]*/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | sed -n '1s/ $//p' || true)")
    [ -n "${mirror[0]}" ] || mirror=()
    ;;
esac
# Its mounts go with it: /proc of this machine is not to stay where a build directory is removed.
if ! unshare --mount --propagation private debootstrap "${options[@]}" "$suite" "$root" "${mirror[@]}" >"$root-made/log" 2>&1; then
    tail -5 "$root-made/log" >&2
    echo "root.sh: debootstrap cannot make $suite" >&2
    exit 1
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Those of a proxy that looks into https have to be known there, too.
mkdir -p "$root/usr/local/share/ca-certificates"
find /usr/local/share/ca-certificates -name '*.crt' -exec cp {} "$root/usr/local/share/ca-certificates/" \; 2>/dev/null || true
touch "$root/complete"
