#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# bare.sh: runs in a clean root, as root (in_root.sh --fresh), where this tree is: a machine with nothing but a shell
# and apt builds libws and says hello by one command.
set -euo pipefail
tree=$(cd "$(dirname "$0")/../.." && pwd)
. /etc/os-release
if command -v go gcc cmake make; then
    echo "FAILED: not bare" && exit 1
fi
# A copy: build/ of this tree is not its own.
mkdir /root/libws
(cd "$tree" && tar --exclude='./build' --exclude='./build-*' --exclude=.git -cf - .) | tar -C /root/libws -xf -
cd /root/libws
if [ -n "$(find /usr/local/share/ca-certificates -type f)" ]; then # a proxy that looks into https
    (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates && update-ca-certificates) >/root/log 2>&1 ||
        { cat /root/log && exit 1; }
fi
./build.sh >/root/log 2>&1 || { tail -40 /root/log && echo "FAILED: $PRETTY_NAME" && exit 1; }
grep -E '^build.sh: |^== ' /root/log
grep -qx 'on message, message:bye' /root/log || { tail -40 /root/log && echo "FAILED: hello" && exit 1; }
(PATH=$PWD/build-go/bin:$PATH && go version)
echo "== $PRETTY_NAME: built by one command, $(ls -lL build/libws.so | awk '{ print $5 }') bytes"
