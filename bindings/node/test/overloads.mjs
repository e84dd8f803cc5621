// SPDX-License-Identifier: Apache-2.0
// Each overload of the module is called once and does what the document says; the table of docs/languages/javascript.md
// says where else. off with a function takes that one away, without one all of the event.
import assert from 'node:assert/strict';
import net from 'node:net';
import { face, until, within } from './kit.mjs';

const by = (call) => within(`${call}`, new Promise((done, failed) => {
    assert.equal(call((error, value) => (error ? failed(error) : done(value))), undefined);
}));

const server = face.createWebSocketServer(), client = face.createWebSocket();
const EVENTS = [[client, ['open', 'openInfo', 'headerReceive', 'message', 'dataEnd', 'close', 'error']], [server, ['connect', 'messageReceive', 'close', 'error']]];
const heard = { kept: [], gone: [] };
const listeners = [];
for (const [object, types] of EVENTS) {
    for (const type of types) {
        const name = `${object === server ? 'server' : 'client'} ${type}`;
        const gone = () => heard.gone.push(name), kept = () => heard.kept.push(name);
        object.on(type, gone);
        object.on(type, kept);
        object.off(type, gone);
        listeners.push([object, type, name]);
    }
}
server.on('messageReceive', (m) => server.send(m.data, m.clientConnection)); // by promise

assert.equal(await server.start({ serverPort: 0, serverIP: '127.0.0.1' }), true);
const url = `ws://127.0.0.1:${server.port}/`;

/** Connects, has a message echoed, and closes. */
async function session(connect, send, close) {
    const echoed = new Promise((done) => client.on('message', (error, value) => done(value)));
    const closed = new Promise((done) => client.on('close', (error, value) => done(value)));
    assert.equal(await within('connect', connect()), true);
    assert.equal(await within('send', send()), true);
    const data = await within('the echo', echoed);
    assert.equal((await server.listAllConnections()).length, 1);
    assert.equal(await within('close', close()), true);
    const { code, reason } = await within('the close event', closed);
    return [data, code, reason];
}
const said = [
    await session(() => by((done) => client.connect(url, done)), () => by((done) => client.send('text', done)), () => by((done) => client.close(done))),
    await session(() => by((done) => client.connect(url, { header: { a: 'b' } }, done)), () => by((done) => client.send(new ArrayBuffer(2), done)), () => by((done) => client.close({ code: 4000, reason: 'r' }, done))),
    await session(() => client.connect(url), () => client.send('text'), () => client.close()),
    await session(() => client.connect(url, { header: { a: 'b' } }), () => client.send(new ArrayBuffer(2)), () => client.close({ code: 4000, reason: 'r' })),
];
const normal = ['text', 1000, 'CLOSE_NORMAL'], own = [new ArrayBuffer(2), 4000, 'r'];
assert.deepEqual(said, [normal, own, normal, own]);

// The error events: of a connect that fails, and of a client whose frame is not masked (RFC 6455 5.1).
await assert.rejects(client.connect('ws://127.0.0.1:1/'), { code: 200 });
const rude = net.connect(server.port, '127.0.0.1');
rude.on('error', () => {}).once('data', () => rude.end(Buffer.from([0x81, 0])));
rude.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`);
await until('each event', () => listeners.every(([, , name]) => heard.kept.includes(name)));

// server.close ends one connection, by itself.
const ended = new Promise((done) => client.on('close', (error, value) => done(value)));
await client.connect(url);
let peers = [];
await until('it is there', () => { server.listAllConnections().then((all) => { peers = all; }); return peers.length === 1; });
const [peer] = peers;
assert.equal(await within('server.close', server.close(peer, { code: 4001, reason: 'enough' })), true);
assert.deepEqual(await within('the end', ended), { code: 4001, reason: 'enough' });
assert.deepEqual(heard.gone, []);

// Without a function off takes all, so that nothing is heard any more.
for (const [object, type] of listeners) object.off(type);
server.on('messageReceive', (m) => server.send(m.data, m.clientConnection));
heard.kept.length = 0;
const last = await session(() => client.connect(url), () => client.send('text'), () => client.close());
assert.deepEqual(last, normal);
assert.deepEqual(heard.kept, []);
assert.equal(await within('stop', server.stop()), true);
console.log(`${listeners.length} events, ${said.length} sessions`);
