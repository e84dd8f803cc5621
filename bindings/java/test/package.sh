#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# package.sh DIRECTORY PAGE JDK OLDER_JDK: the built jar, installed in a clean project: Maven compiles the programs of PAGE
# against it, and the first one runs on both JDKs, with nothing but the jar and JNA. DIRECTORY is that of junit.sh.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/maven.sh"
directory=$1 page=$2 jdk=$3 older=$4
project=$directory/clean
rm -rf "$project" "$directory/repository/libws"
mkdir -p "$project/src/main/java"
# Blocks of Java, each in a file named for its class.
awk -v to="$project/src/main/java" '
    /^```java$/ { code = ""; name = ""; inside = 1; next }
    /^```$/ && inside { if (code ~ /^import/) { print name; printf "%s", code > (to "/" name ".java") } inside = 0; next }
    inside { code = code $0 "\n"; if (name == "" && match($0, /class [A-Za-z]+/)) name = substr($0, RSTART + 6, RLENGTH - 6) }
' "$page" >"$project/names"
[ "$(sed -n 1p "$project/names")" = Hello ] && [ "$(wc -l <"$project/names")" -ge 2 ]
cat >"$project/pom.xml" <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>clean</groupId>
  <artifactId>clean</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.release>8</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency><groupId>libws</groupId><artifactId>libws</artifactId><version>0.1.0</version></dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin><artifactId>maven-compiler-plugin</artifactId><version>3.15.0</version></plugin>
      <plugin><artifactId>maven-resources-plugin</artifactId><version>3.4.0</version></plugin>
    </plugins>
  </build>
</project>
END
mvn_of "$older" "$directory" org.apache.maven.plugins:maven-install-plugin:3.1.4:install-file \
    -Dfile="$(echo "$directory"/jar/libws-*.jar)" -DpomFile="$here/pom.xml"
mvn_of "$older" "$directory" -f "$project/pom.xml" compile
classes=$project/target/classes:$directory/repository/libws/libws/0.1.0/libws-0.1.0.jar:$(
    find "$directory/repository/net/java/dev/jna/jna" -name 'jna-*.jar')
sort >"$project/wanted" <<'END'
on open, status:101, message:Switching Protocols
server: on messageReceive, data:Hello, server!
send success
on message, message:bye
close success
on close, code is 1000, reason is done
END
for of in "$jdk" "$older"; do
    # What a JVM warns of is not the program's.
    "$of/bin/java" -cp "$classes" Hello 2>"$project/stderr" >"$project/said" || { cat "$project/stderr"; exit 1; }
    sort "$project/said" | diff "$project/wanted" -
    if grep -v -e '^WARNING' -e '^$' "$project/stderr"; then exit 1; fi
    echo "== $of"
    cat "$project/said"
done
