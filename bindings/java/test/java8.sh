#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# java8.sh LIBRARY REPOSITORY DIRECTORY: the program of docs/languages/java.md on Java 8, by JNA. Debian has a Java 8 in sid
# alone, and with a newer libc, so it runs in a directory of its own (chroot, as root). REPOSITORY is Maven's.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
library=$(realpath "$1")
mkdir -p "$2" "$3"
repository=$(cd "$2" && pwd)
dir=$(cd "$3" && pwd)
. "$here/../../../tests/targets/fetch.sh"
java=/usr/lib/jvm/java-8-openjdk-amd64/jre/bin/java
cd "$dir"
if [ ! -e fetched ]; then
    fetch amd64 sid openjdk-8-jre-headless libc6 libstdc++6 libgcc-s1 zlib1g
    for each in lib lib64; do ln -sfn "usr/$each" "sys/$each"; done
    mkdir -p sys/{tmp,proc,dev,opt}
    touch fetched
fi
rm -rf sys/opt/libws jars
mkdir -p sys/opt/libws/classes
mvn -q -B -f "$here/../pom.xml" -Dmaven.repo.local="$repository" \
    org.apache.maven.plugins:maven-dependency-plugin:3.10.0:copy-dependencies -DincludeScope=test -DoutputDirectory="$dir/jars"
cp jars/jna-[0-9]*.jar sys/opt/libws/jna.jar
cp "$library" sys/opt/libws/libws.so
awk '/^```java$/ { inside = 1; text = ""; next }
    inside && /^```$/ { if (text ~ /static void main/) { print text; exit } inside = 0 }
    inside { text = text $0 "\n" }' "$here/../../../docs/languages/java.md" >Hello.java
mapfile -t sources < <(find "$here/../src/main/java" -name '*.java')
javac -nowarn -Xlint:-options --release 8 -d sys/opt/libws/classes -cp sys/opt/libws/jna.jar "${sources[@]}" Hello.java
said=$(unshare -m bash -c 'mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" "$@"' "$dir/sys" \
    "$java" -Dlibws.library=/opt/libws/libws.so -cp /opt/libws/classes:/opt/libws/jna.jar Hello)
echo "$said"
for line in 'server: on messageReceive, data:Hello, server!' 'on message, message:bye' 'on close, code is 1000, reason is done'; do
    [[ $said == *"$line"* ]] || { echo "FAILED: Java 8 did not say '$line'"; exit 1; }
done
