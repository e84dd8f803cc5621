#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# pack.sh LIBRARY JDK DIRECTORY: makes DIRECTORY/jar/libws-VERSION.jar, with the library inside. A JDK of 22 or
# newer gives it java.lang.foreign, an older one JNA only. What Maven needs comes into DIRECTORY/repository.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/test/maven.sh"
library=$1 jdk=$2 directory=$3
library_into "$directory/resources" "$library"
mvn_of "$jdk" "$directory" -f "$here/pom.xml" -Dlibws.output="$directory/jar" -Dlibws.resources="$directory/resources" \
    -DskipTests package
