#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# cost.sh DIRECTORY JDK: the figures of docs/languages/java.md. DIRECTORY is that of pack.sh or test/junit.sh, JDK one
# of 22 or newer.
set -euo pipefail
directory=$1 jdk=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
classes=$(echo "$directory"/jar/libws-*.jar):$(find "$directory/repository/net/java/dev/jna/jna" -name 'jna-*.jar')
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
# What is package-private in the jar is open to a class of the same package.
"$jdk/bin/javac" --release 22 -nowarn -d "$made" -cp "$classes" "$here/Cost.java"
for backend in ffm jna; do
    "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -Dlibws.backend=$backend -cp "$made:$classes" libws.Cost
done
