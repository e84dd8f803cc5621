#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# junit.sh LIBRARY JDK OLDER_JAVA DIRECTORY: builds the jar with the library inside and runs the JUnit tests on
# it, by JNA on OLDER_JAVA and, when JDK is 22 or newer, by java.lang.foreign on that.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/maven.sh"
library=$1 jdk=$2 older=$3 directory=$4
library_into "$directory/resources" "$library"
mvn_of "$jdk" "$directory" -f "$here/pom.xml" -Dlibws.output="$directory/jar" -Dlibws.resources="$directory/resources" \
    -Dlibws.older.jvm="$older" verify
# What has run is counted: Maven is content when there is no test.
ran=$(sed -n 's/^Tests run: \([0-9]*\), Failures: 0, Errors: 0, Skipped: 0,.*/\1/p' "$directory"/jar/surefire-reports/*.txt |
    awk '{ n += $1 } END { print n + 0 }')
echo "$ran tests"
((ran >= 28))
