#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# jvms.sh quick|long DIRECTORY JDK OLDER_JDK: JVMs with the library live on under load, while they use signals of
# their own (null checks, stacks that overflow, stops for the collector), with -Xrs and without, with G1 and ZGC; and
# what the library leaves behind does not grow. DIRECTORY is that of junit.sh. long: all combinations, and more of each.
set -euo pipefail
mode=$1 directory=$2 jdk=$3 older=$4
jars=$(find "$directory/repository/net/java/dev/jna/jna" -name 'jna-*.jar')
classes=$(echo "$directory"/jar/libws-*.jar):$directory/jar/test-classes:$jars

# run JDK OPTION... CLASS ARGUMENT...
run() {
    local of=$1 said
    shift
    said=$("$of/bin/java" -Xmx192m "${native[@]}" -cp "$classes" "$@" 2>&1) || {
        echo "$*: $said" >&2
        return 1
    }
    # Warnings of a JVM are lines of their own; one that checks says what it does not like.
    echo "$(basename "$of") $*: $(tail -1 <<<"$said")"
}

# What newer JVMs want to be told, and older ones do not know.
native=()
with_native() {
    native=()
    if "$1/bin/java" --enable-native-access=ALL-UNNAMED -version >/dev/null 2>&1; then native=(--enable-native-access=ALL-UNNAMED); fi
}

# SIGQUIT prints threads, and SIGTERM runs hooks, as without the library. With -Xrs both are the system's.
signals() {
    local of=$1 log status=0 pid
    log=$(mktemp)
    "$of/bin/java" -Xmx192m "${native[@]}" -cp "$classes" libws.Load 200 wait >"$log" 2>&1 &
    pid=$!
    until grep -q '^ready' "$log"; do
        kill -0 $pid 2>/dev/null || { cat "$log" >&2; return 1; }
        sleep 0.02
    done
    kill -QUIT $pid
    until grep -q 'Full thread dump' "$log"; do
        kill -0 $pid 2>/dev/null || { cat "$log" >&2; return 1; }
        sleep 0.02
    done
    kill -TERM $pid
    wait $pid || status=$?
    grep -q '^hook' "$log" && ((status == 143)) || { cat "$log" >&2; echo "status $status" >&2; return 1; }
    rm "$log"
    echo "$(basename "$of"): SIGQUIT and SIGTERM are the JVM's"
}

if [ "$mode" = quick ]; then
    with_native "$jdk"
    run "$jdk" -XX:+UseG1GC -Xrs libws.Load 1000
    signals "$jdk"
    run "$jdk" -XX:+UseSerialGC libws.Growth 500 20000
    with_native "$older"
    run "$older" -XX:+UseZGC libws.Load 1000
    exit
fi
for of in "$jdk" "$older"; do
    with_native "$of"
    for backend in "" jna; do
        for collector in G1 Z Serial Parallel; do
            run "$of" "-XX:+Use${collector}GC" "-Dlibws.backend=$backend" libws.Load 20000
            run "$of" "-XX:+Use${collector}GC" "-Dlibws.backend=$backend" -Xrs libws.Load 20000
        done
        run "$of" "-Dlibws.backend=$backend" -Xcheck:jni libws.Load 5000
        run "$of" "-Dlibws.backend=$backend" -Xint libws.Load 2000
        LD_PRELOAD=$of/lib/libjsig.so run "$of" "-Dlibws.backend=$backend" libws.Load 5000
        run "$of" "-Dlibws.backend=$backend" libws.Growth 10000 1000000
    done
    signals "$of"
done
