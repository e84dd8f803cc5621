# SPDX-License-Identifier: Apache-2.0
#
# What the scripts here share. mvn_of JDK OUTPUT ARGUMENT...: Maven with a repository of its own in the build
# directory, which it fills at the first run; it says something only when it fails.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

mvn_of() {
    local jdk=$1 output=$2 said
    shift 2
    mkdir -p "$output"
    said=$(JAVA_HOME=$jdk MAVEN_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" mvn -q -B -Dmaven.repo.local="$output/repository" "$@" 2>&1) || {
        echo "$said" >&2
        return 1
    }
}

# library_into DIRECTORY LIBRARY: where a jar has it.
library_into() {
    local machine
    machine=$(uname -m)
    mkdir -p "$1/libws/native/linux-${machine/x86_64/x86-64}"
    cp -u "$2" "$1/libws/native/linux-${machine/x86_64/x86-64}/libws.so"
}
