#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# cluster.sh DIRECTORY [PORT]: a NATS server and two chat servers behind haproxy on 127.0.0.1, until Ctrl-C or, with
# WS_CLUSTER_TRY=1, until a message has gone from a client of one to a client of the other, one was killed, and its client
# is in the room again. DIRECTORY has examples_c of a build.
set -euo pipefail
build=$(cd "$1" && pwd)
port=${2-8080}
work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait || true
    rm -rf "$work"
}
trap finish EXIT
PATH=$PATH:/usr/sbin

# says FILE TEXT [TENTHS]: waits until a line of the file has the text, and prints it.
says() {
    local tenths=${3-600}
    while ((tenths--)); do
        grep -F -m 1 -- "$2" "$1" && return
        sleep 0.1
    done
    echo "cluster.sh: $1 never had: $2" >&2
    return 1
}

nats-server -a 127.0.0.1 -p -1 >"$work/nats" 2>&1 &
pids+=($!)
nats=$(says "$work/nats" "Listening for client connections on" | sed 's/.* on //')
says "$work/nats" "Server is ready" >/dev/null

servers=()
for name in alpha beta; do
    "$build/examples_c/cluster_chat" --name "$name" --nats "nats://$nats" >"$work/$name" &
    pids+=($!)
    says "$work/$name" "nats: connected" >/dev/null
    servers+=("$(says "$work/$name" "listening on" | sed 's,.*ws://\(.*\)/$,\1,')")
done

# A client stays with its server as long as that is there; the next one goes where fewer are.
cat >"$work/haproxy.cfg" <<END
global
    noreuseport
    stats socket $work/admin level admin
defaults
    mode http
    timeout connect 5s
    timeout client 1h
    timeout server 1h
    timeout tunnel 1h
    option redispatch
    retries 3
frontend chat
    bind 127.0.0.1:$port
    default_backend servers
backend servers
    balance leastconn
    option httpchk GET /healthz
    default-server check inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
    server alpha ${servers[0]}
    server beta ${servers[1]}
END
haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy" 2>&1 &
pids+=($!)

cat <<END
NATS             nats://$nats
alpha (pid ${pids[1]})  http://${servers[0]}/
beta  (pid ${pids[2]})  http://${servers[1]}/
both             http://127.0.0.1:$port/  (haproxy)

Open both or either in two windows and talk. "kill ${pids[1]}" ends alpha: its clients come back at beta.
Ctrl-C ends all.
END
if [ "${WS_CLUSTER_TRY-}" != 1 ]; then
    tail -n 0 -q -f "$work/alpha" "$work/beta" "$work/haproxy" &
    pids+=($!)
    wait "${pids[3]}"
    exit
fi

# Clients whose lines come through pipes.
mkfifo "$work/ann.in" "$work/bob.in"
"$build/examples_c/wscat" "ws://${servers[0]}/" <"$work/ann.in" >"$work/ann" &
pids+=($!)
exec 8>"$work/ann.in"
"$build/examples_c/wscat" "ws://${servers[1]}/" <"$work/bob.in" >"$work/bob" &
pids+=($!)
exec 9>"$work/bob.in"
echo Bob >&9
says "$work/bob" "* Bob comes in, at beta"
echo Ann >&8
says "$work/bob" "* Ann comes in, at alpha"
echo "hello from alpha" >&8
says "$work/bob" "Ann: hello from alpha"
kill -KILL "${pids[1]}"
echo "-- alpha is killed"
exec 8>&-
mkfifo "$work/cid.in"
for try in 1 2 3 4 5 6 7 8 9 10; do # haproxy notices within two checks, and what it had there is over at once
    "$build/examples_c/wscat" "ws://127.0.0.1:$port/" <"$work/cid.in" >"$work/cid" 2>"$work/cid.error" &
    client=$!
    exec 7>"$work/cid.in"
    echo Ann >&7
    if says "$work/cid" "* Ann comes in" 30 2>/dev/null; then break; fi
    exec 7>&-
    wait $client || true
    [ $try != 10 ]
done
pids+=("$client")
says "$work/bob" "* Ann comes in, at beta"
echo "hello from beta" >&7
says "$work/bob" "Ann: hello from beta"
