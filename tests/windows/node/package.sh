#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The npm package of this build, unpacked, under a Node whose program has another name: package.sh DIRECTORY BUILD NODE_EXE
# Nothing but the package has libws.dll.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$1"
mkdir -p "$1"
place=$(cd "$1" && pwd)
"$here/../../../bindings/node/pack.sh" "$place" "$2"
tar xzf "$place"/libws-*.tgz -C "$place"
[ "$(cd "$place/package/prebuilds" && find . -type f | sort | tr '\n' ' ')" = './win32-x64/libws.dll ./win32-x64/libws.napi.node ' ]
cp "$3" "$place/host.exe"
cat >"$place/use.cjs" <<'END'
const { webSocket } = require('./package');
(async () => {
    const server = webSocket.createWebSocketServer();
    server.on('messageReceive', (m) => server.send(m.data, m.clientConnection));
    await server.start({ serverPort: 0, serverIP: '127.0.0.1' });
    const ws = webSocket.createWebSocket();
    const answer = new Promise((done) => ws.on('message', (err, value) => done(value)));
    await ws.connect(`ws://127.0.0.1:${server.port}/`);
    await ws.send('packed');
    console.log(await answer, process.platform, process.version);
    await ws.close();
    await server.stop();
})();
END
unset WINEPATH LIBWS_NODE_ADDON
said=$("$here/node.sh" "$place/host.exe" "$place/use.cjs")
echo "$said"
case $said in 'packed win32 '*) ;; *) exit 1 ;; esac
rm -rf "$place"
