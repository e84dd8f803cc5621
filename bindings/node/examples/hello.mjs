// SPDX-License-Identifier: Apache-2.0

import { webSocket } from 'libws';

const server = webSocket.createWebSocketServer();
server.on('messageReceive', ({ data, clientConnection }) => {
    console.log(`server: on messageReceive, data:${data}`);
    server.send('bye', clientConnection);
});
await server.start({ serverPort: 0, serverIP: '127.0.0.1' }); // any free port

const ws = webSocket.createWebSocket();
ws.on('open', async (err, value) => {
    console.log(`on open, status:${value.status}, message:${value.message}`);
    await ws.send('Hello, server!');
    console.log('send success');
});
ws.on('message', async (err, value) => {
    console.log(`on message, message:${value}`);
    if (value !== 'bye') return;
    await ws.close();
    console.log('close success');
});
ws.on('close', async (err, value) => {
    console.log(`on close, code is ${value.code}, reason is ${value.reason}`);
    await server.stop();
});
await ws.connect(`ws://127.0.0.1:${server.port}/`);
