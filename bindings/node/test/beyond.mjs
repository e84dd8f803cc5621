// SPDX-License-Identifier: Apache-2.0
// What libws has beside the module, under its own names.
import assert from 'node:assert/strict';
import net from 'node:net';
import { face, native, rejected, server, until, within } from './kit.mjs';

/** A way to a server that can be cut, and counts what passes. */
async function way(port) {
    const sockets = new Set();
    let bytes = 0;
    const made = net.createServer((socket) => {
        const onward = net.connect(port, '127.0.0.1');
        for (const one of [socket, onward]) { sockets.add(one); one.on('error', () => {}); one.on('close', () => sockets.delete(one)); }
        socket.on('data', (data) => { bytes += data.length; });
        socket.pipe(onward).pipe(socket);
    });
    await new Promise((done) => made.listen(0, '127.0.0.1', done));
    return { url: `ws://127.0.0.1:${made.address().port}/`, bytes: () => bytes, cut: () => { for (const s of sockets) s.destroy(); }, end: () => { made.close(); for (const s of sockets) s.destroy(); } };
}
const told = (ws, type) => within(type, new Promise((done) => { const once = (...args) => { ws.off(type, once); done(args); }; ws.on(type, once); }));

/** The connections of a server, when connect was told for so many. */
async function listed(made, count) {
    let all = [];
    await until(`${count} connections`, () => { made.listAllConnections().then((now) => { all = now; }); return all.length === count; });
    return all;
}

async function reconnects() {
    const { server: made } = await server();
    const road = await way(made.port);
    const ws = face.createWebSocket();
    const seen = [];
    ws.on('open', () => seen.push('open'));
    ws.on('close', (err, value) => seen.push(`close ${value.code}`));
    ws.on('reconnecting', ({ attempt, delay }) => { assert(delay >= 0); seen.push(`reconnecting ${attempt}`); });
    ws.on('error', (error) => { assert.equal(error.code, 200); });
    await ws.connect(road.url, { reconnect: { firstDelay: 1, maxDelay: 2, exact: true } });
    await until('open', () => seen.length === 1);
    const again = told(ws, 'open');
    road.cut();
    await again;
    assert.deepEqual(seen, ['open', 'close 1006', 'reconnecting 1', 'open']);
    assert.equal(ws.readyState, 1);
    face.networkChanged();
    const gone = told(ws, 'close');
    await ws.close();
    await gone;
    assert.equal(ws.readyState, 3);
    // Giving up, and closing while it waits: both end it, and it can connect again.
    const tries = face.createWebSocket();
    const error = await rejected(tries.connect('ws://127.0.0.1:1/', { reconnect: { firstDelay: 1, maxDelay: 1, maxTries: 2, exact: true } }));
    assert.equal(error.code, 200);
    assert.equal(tries.readyState, 3);
    const waits = face.createWebSocket();
    const result = rejected(waits.connect('ws://127.0.0.1:1/', { reconnect: { firstDelay: 3600000, maxDelay: 3600000, exact: true } }));
    await told(waits, 'reconnecting');
    waits.close().catch(() => {});
    assert.equal((await result).code, 200);
    await until('it has ended', () => waits.readyState === 3);
    await waits.connect(road.url);
    await waits.close();
    road.end();
    await made.stop();
}

async function compresses() {
    const { server: made } = await server({}, { compression: true });
    const road = await way(made.port);
    const ws = face.createWebSocket();
    await ws.connect(road.url, { compression: { takeover: true, level: 1, minSize: 1 } });
    assert(ws.extensions.startsWith('permessage-deflate'), ws.extensions);
    const text = 'the same again and again '.repeat(4000);
    const answer = told(ws, 'message');
    await ws.send(text);
    assert.equal((await answer)[1], text);
    assert(road.bytes() < text.length / 10, `${road.bytes()} bytes`);
    await ws.close();
    road.end();
    await made.stop();
}

async function pingsAndStats() {
    const { server: made, url } = await server();
    const ws = face.createWebSocket();
    assert.equal(ws.stats(), undefined);
    await ws.connect(url, { protocol: 'x' });
    const pong = told(ws, 'pong');
    ws.ping('are you there');
    const [{ data, roundTrip }] = await pong;
    assert.equal(Buffer.from(data).toString(), 'are you there');
    assert(roundTrip > 0);
    assert.throws(() => ws.ping('x'.repeat(126)), (error) => error.code === 401);
    assert.equal(ws.stats().pingsSent, 1);
    assert.equal(ws.url, url);
    assert.equal(ws.protocol, '');
    assert.equal(made.stats().upgrades, 1);
    const [peer] = await listed(made, 1);
    assert.equal(made.remoteAddress(peer), `${peer.clientIP}:${peer.clientPort}`);
    assert.equal(made.bufferedAmount(peer), 0);
    await ws.close();
    await until('closed', () => ws.readyState === 3);
    assert.deepEqual([ws.ping(), ws.pong(), ws.abort(), ws.pause(), ws.resume(), ws.setCorrelationId('x')], Array(6).fill(false)); // nobody is there; nothing throws
    await made.stop();
}

// Back-pressure: a peer that is paused fills the queue, drain comes when it reads again; nothing is lost or out of order.
async function feelsPressure() {
    const { server: made, url } = await server({ messageReceive: () => {} });
    const ws = face.createWebSocket();
    const got = [];
    ws.on('message', (err, value) => got.push(value.byteLength));
    await ws.connect(url, { maxMessageSize: 1 << 20 });
    const [peer] = await listed(made, 1);
    ws.pause();
    let sent = 0, refused;
    const sends = [];
    const drained = new Promise((done) => made.on('drain', done));
    while (!refused && sent < 1000) { // more than sockets and queue take
        const promise = made.send(new Uint8Array(100000 + sent), peer);
        sends.push(promise.catch((error) => { refused = refused || error; }));
        sent++;
        if (sent % 20 === 0) await new Promise((done) => setImmediate(done));
    }
    assert.equal(refused.code, 2302999);
    assert.equal(refused.id, 'WS_ERR_FULL');
    assert(made.bufferedAmount(peer) > 1 << 20);
    assert.equal(got.length, 0);
    ws.resume();
    assert.equal(await within('drain', drained), peer);
    await Promise.all(sends);
    const last = 100000 + sent;
    await made.send(new Uint8Array(last), peer);
    await until('all of them', () => got[got.length - 1] === last);
    assert.deepEqual(got, [...got].sort((a, b) => a - b));
    await ws.close();
    await made.stop();
}

async function publishes() {
    const { server: made, url } = await server();
    const clients = await Promise.all([1, 2, 3].map(async () => {
        const ws = face.createWebSocket();
        ws.got = [];
        ws.on('message', (err, value) => ws.got.push(value));
        await ws.connect(url);
        return ws;
    }));
    const peers = await listed(made, 3);
    made.subscribe(peers[0], 'news');
    made.subscribe(peers[1], 'news');
    assert.equal(made.publish('news', 'to two'), 2);
    assert.equal(made.publish('news', 'to one', peers[0]), 1);
    made.unsubscribe(peers[1], 'news');
    assert.equal(made.publish('news', 'to the first'), 1);
    assert.equal(made.broadcast('to all'), 3);
    await until('all have it', () => clients.every((ws) => ws.got.includes('to all')));
    assert.deepEqual(clients.map((ws) => ws.got.length).sort(), [1, 3, 3]);
    const nobody = { clientIP: '::1', clientPort: 1 };
    assert.deepEqual([made.subscribe(nobody, 'news'), made.unsubscribe(nobody, 'news'), made.ping(nobody), made.pong(nobody), made.pause(nobody), made.resume(nobody), made.abort(nobody), made.setCorrelationId(nobody, 'x')], Array(8).fill(false));
    assert.throws(() => made.subscribe(nobody), (error) => error.code === 401 && error.parameter === 'topic');
    assert.throws(() => made.publish('news'), (error) => error.code === 401 && error.parameter === 'data');
    assert.throws(() => made.publish(5, 'x'), (error) => error.code === 401 && error.parameter === 'topic');
    await Promise.all(clients.map((ws) => ws.close()));
    await made.stop();
}

async function decidesUpgrades() {
    const { server: made, url } = await server({}, { protocol: 'v1,v2', upgrade: async ({ target, header }) => {
        if (target === '/no') return false;
        if (target === '/why') return { status: 401, header: { 'WWW-Authenticate': 'Basic' }, body: 'who are you' };
        return { protocol: header['x-version'] === '1' ? 'v1' : 'v2' };
    } });
    assert.equal((await rejected(face.createWebSocket().connect(`${url}no`))).data, '403');
    const error = await rejected(face.createWebSocket().connect(`${url}why`));
    assert.deepEqual([error.data, error.header['www-authenticate'], error.body], ['401', 'Basic', 'who are you']);
    const ws = face.createWebSocket();
    await ws.connect(`${url}yes`, { protocol: 'v1, v2', header: { 'X-Version': 1 } });
    assert.equal(ws.protocol, 'v1');
    const [peer] = await listed(made, 1);
    assert.deepEqual([peer.target, peer.protocol, Object.keys(peer).join()], ['/yes', 'v1', 'clientIP,clientPort']);
    await ws.close();
    await made.stop();
}

for (const test of [reconnects, compresses, pingsAndStats, feelsPressure, publishes, decidesUpgrades]) {
    await test();
    console.log(test.name);
}
await until('nothing is open', () => native.libraryStats().connections === 0);
