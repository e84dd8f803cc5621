// SPDX-License-Identifier: Apache-2.0
// What came to libws after the first face of it here: each by its options and events.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { face, native, rejected, server, until, within } from './kit.mjs';

const told = (of, type) => within(type, new Promise((done) => { const once = (...args) => { of.off(type, once); done(args); }; of.on(type, once); }));
async function peerOf(made) {
    let all = [];
    await until('a connection', () => { made.listAllConnections().then((now) => { all = now; }); return all.length === 1; });
    return all[0];
}
async function get(port, target, headers = {}) {
    return within(target, new Promise((done, failed) => http.get({ port, path: target, headers, agent: false }, (answer) => {
        let body = '';
        answer.on('data', (data) => { body += data; });
        answer.on('end', () => done({ status: answer.statusCode, body, header: answer.headers }));
    }).on('error', failed)));
}

// Cookies are kept from one connection of a client to the next, and the question before a try changes what is said.
async function asksAndKeepsCookies() {
    const seen = [];
    const { server: made, url } = await server({}, { upgrade: ({ target, header }) => { seen.push([target, header.cookie, header['x-token']]); return { header: { 'Set-Cookie': 'id=7; Path=/' } }; } });
    const ws = face.createWebSocket(), asked = [];
    const opened = told(ws, 'open');
    await ws.connect(`${url}first`, { keepCookies: true, header: { 'X-Token': 'old' }, reconnect: { firstDelay: 1, exact: true, ask: async (lost) => { asked.push(lost); return { url: `${url}second`, header: { 'X-Token': 'new' } }; } } });
    await opened;
    const again = told(ws, 'open');
    made.close(await peerOf(made), { code: 1012 });
    await again;
    assert.deepEqual(seen, [['/first', undefined, 'old'], ['/second', 'id=7', 'new']]);
    assert.deepEqual(asked.map(({ attempt, code }) => [attempt, code]), [[1, 1012]]);
    await ws.close();
    // One that throws is nobody's fault but the program's: the try goes on with what there was.
    const caught = [];
    process.on('uncaughtException', (error) => caught.push(error.message));
    const other = face.createWebSocket();
    const once = told(other, 'open');
    await other.connect(`${url}third`, { reconnect: { firstDelay: 1, exact: true, ask: () => { throw new Error('in ask'); } } });
    await once;
    const twice = told(other, 'open');
    made.close(await peerOf(made), { code: 1012 });
    await twice;
    assert.deepEqual([caught, seen.at(-1)[0]], [['in ask'], '/third']);
    process.removeAllListeners('uncaughtException');
    await other.close();
    await made.stop();
}

// Certificates that the program looks at, and a key that only it has. LIBWS_TEST_KEYS has them where there is no openssl.
async function asksInTheHandshake() {
    const given = process.env.LIBWS_TEST_KEYS, place = given || mkdtempSync(path.join(os.tmpdir(), 'libws-node-'));
    try {
        if (!given) execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-days', '2', '-subj', '/CN=libws-test', '-addext', 'subjectAltName=DNS:libws.test', '-keyout', `${place}/key.pem`, '-out', `${place}/cert.pem`], { stdio: 'pipe' });
        const cert = readFileSync(`${place}/cert.pem`, 'utf8'), key = crypto.createPrivateKey(readFileSync(`${place}/key.pem`));
        const signed = [], asked = [];
        const { server: made } = await server({}, { serverCert: { cert }, sign: async ({ data, scheme, subject }) => { signed.push([scheme, subject]); return crypto.sign(null, new Uint8Array(data), key); } });
        const url = `wss://127.0.0.1:${made.port}/`;
        assert.equal((await rejected(face.createWebSocket().connect(url))).stage, 'tls'); // nobody trusts it
        const ws = face.createWebSocket();
        await ws.connect(url, { verify: (question) => { asked.push(question); return new crypto.X509Certificate(question.chain).subject === 'CN=libws-test'; } });
        assert.equal(asked.length, 1);
        assert(asked[0].error instanceof face.BusinessError && asked[0].error.text, asked[0].error);
        assert.equal(asked[0].name, '127.0.0.1');
        assert.equal(ws.text('tlsVersion'), 'TLS 1.3');
        assert(ws.text('peerCertificate').includes('libws-test'));
        assert(signed.length >= 1 && signed.every(([scheme, subject]) => scheme === 0x0807 && subject.includes('libws-test')));
        await ws.close();
        for (const verify of [() => false, async () => { await null; return undefined; }]) assert.equal((await rejected(face.createWebSocket().connect(url, { verify }))).stage, 'tls');
        assert.equal((await rejected(face.createWebSocket().connect(url, { verify: 5 }))).parameter, 'verify');
        await made.setCertificates([{ cert, key: readFileSync(`${place}/key.pem`) }]);
        const before = signed.length;
        await ws.connect(url, { ca: cert, serverName: 'libws.test' });
        assert.equal(signed.length, before);
        await ws.close();
        await made.stop();
    } finally {
        if (!given) rmSync(place, { recursive: true, force: true });
    }
}

// Who is answered by name, a way that is given, frames that are cut, a page that says that the server lives.
async function hostsAndWays() {
    const { server: made } = await server({}, { hosts: 'good.test,*.sub.test', originPatterns: undefined, origins: 'https://*.page.test', healthPath: '/healthz', request: async ({ method, target, header, body }) => {
        if (target === '/throws') return undefined;
        return { status: 201, header: { 'X-Seen': `${method} ${target} ${header.host} ${body.byteLength}` }, body: 'made' };
    } });
    const at = (name) => `ws://${name}:${made.port}/`, connectAddress = '127.0.0.1';
    const ws = face.createWebSocket();
    for (const name of ['good.test', 'a.sub.test']) {
        await ws.connect(at(name), { connectAddress, origin: 'https://a.page.test', maxSendFrame: 1024 });
        const echo = told(ws, 'message');
        await ws.send('x'.repeat(10000));
        assert.equal((await echo)[1].length, 10000);
        assert(ws.stats().framesSent >= 10, ws.stats().framesSent);
        await ws.close();
        await until('closed', () => ws.readyState === 3);
    }
    assert.equal((await rejected(ws.connect(at('bad.test'), { connectAddress }))).data, '421');
    assert.equal((await rejected(ws.connect(at('good.test'), { connectAddress, origin: 'https://other.test' }))).data, '403');
    assert.deepEqual((({ status, body }) => ({ status, body }))(await get(made.port, '/healthz', { host: 'any.test' })), { status: 200, body: 'ok\n' });
    const answer = await get(made.port, '/page', { host: 'good.test' });
    assert.deepEqual([answer.status, answer.body, answer.header['x-seen']], [201, 'made', 'GET /page good.test 0']);
    assert.equal((await get(made.port, '/throws', { host: 'good.test' })).status, 404);
    assert(made.metrics().includes('ws_'), made.metrics());
    await made.stop();
}

async function pongsAndSkips() {
    const { server: made, url } = await server({}, { pingEvents: true });
    const ws = face.createWebSocket();
    await ws.connect(url, { manualPong: true, skipLarge: true, maxMessageSize: 1000, correlationId: 'one' });
    const peer = await peerOf(made);
    const asked = told(ws, 'ping'), answered = told(made, 'pong');
    made.ping(peer, 'alive?');
    const [data] = await asked;
    assert.equal(Buffer.from(data).toString(), 'alive?');
    ws.pong(data);
    const [pong, who] = await answered;
    assert.equal(Buffer.from(pong.data).toString(), 'alive?');
    assert(pong.roundTrip > 0 && who === peer);
    const skipped = told(ws, 'skipped'), after = told(ws, 'message');
    await made.send('y'.repeat(5000), peer);
    await made.send('small', peer);
    assert.deepEqual((await skipped)[0], { size: 5000, type: 'string' });
    assert.equal((await after)[1], 'small');
    assert.equal(ws.stats().messagesSkipped, 1);
    assert.equal(made.connectionStats(peer).messagesReceived, 0);
    assert.throws(() => ws.text('nothing'), (error) => error.parameter === 'which');
    await ws.close();
    await made.stop();
}

async function topics() {
    const { server: made, url } = await server();
    const events = [];
    for (const type of ['topicBegin', 'topicEnd']) made.on(type, ({ topic, pattern }) => events.push([type, topic, pattern]));
    const ws = face.createWebSocket(), got = [];
    ws.on('message', (err, value) => got.push(value));
    await ws.connect(url);
    const peer = await peerOf(made);
    made.subscribe(peer, 'news');
    made.subscribe(peer, 'room/+/talk', { pattern: true });
    assert.deepEqual(made.subscriptions(peer), [{ topic: 'room/+/talk', pattern: true }, { topic: 'news', pattern: false }]);
    assert.deepEqual(['news', 'room/5/talk', 'other'].map((topic) => made.isSubscribed(peer, topic)), ['topic', 'pattern', undefined]);
    assert.deepEqual(made.subscribers('news'), [peer]);
    assert.equal(made.publish('room/5/talk', 'by pattern'), 1);
    assert.equal(made.publish('other', 'to nobody'), 0);
    await until('it', () => got.length === 1);
    made.unsubscribe(peer, 'room/+/talk', { pattern: true });
    await ws.close();
    await until('both ends', () => events.length === 4);
    assert.deepEqual(events.filter(([type]) => type === 'topicBegin').sort(), [['topicBegin', 'news', false], ['topicBegin', 'room/+/talk', true]]);
    await until('its end', () => made.bufferedAmount(peer) === 0 && made.connectionStats(peer) === undefined); // in no order with events of topics
    assert.deepEqual([made.subscriptions(peer), made.isSubscribed(peer, 'news')], [[], undefined]);
    await made.stop();
}

// A key replaces what still waits for a peer that does not read, a priority goes first.
async function latestValues() {
    const { server: made, url } = await server({}, { maxBuffered: 64 << 20 });
    const ws = face.createWebSocket(), got = [];
    ws.on('message', (err, value) => { if (typeof value === 'string') got.push(value); });
    await ws.connect(url);
    const peer = await peerOf(made);
    made.subscribe(peer, 'prices');
    ws.pause();
    for (let i = 0; i < 32; i++) made.send(new ArrayBuffer(1 << 20), peer).catch(() => {}); // more than the system takes, so the rest waits
    const first = { key: 1, priority: 2 }, second = { key: 2n ** 64n - 1n };
    const replaced = rejected(made.send('sent', peer, first));
    assert.equal(made.publish('prices', 'published', undefined, first), 1);
    assert.equal(made.broadcast('broadcast', undefined, first), 1);
    made.send('text', peer, second).catch(() => {});
    const last = made.send('newest', peer, second);
    const { code, id } = await within('the end of what was replaced', replaced);
    assert.deepEqual([code, id], [2302999, 'WS_ERR_REPLACED']);
    assert.deepEqual([made.stats().replaced, made.connectionStats(peer).messagesReplaced], [3, 3]);
    ws.resume();
    await within('the newest', last);
    await until('the texts', () => got.length === 2);
    assert.deepEqual(got, ['broadcast', 'newest']);
    // Of a client by callback and by promise; the server echoes.
    assert.equal(await within('send', ws.send('by promise', { priority: 7 })), true);
    await within('send', new Promise((done, failed) => ws.send('by callback', { key: 7n }, (err, value) => (err ? failed(err) : done(value)))));
    await until('both again', () => got.length === 4);
    for (const [how, name] of [[{ priority: 8 }, 'priority'], [{ priority: 'x' }, 'priority'], [{ key: -1 }, 'key'], [{ key: 2n ** 64n }, 'key'], [{ key: 1.5 }, 'key'], [[], 'options']]) {
        for (const error of [await rejected(ws.send('x', how)), await rejected(made.send('x', peer, how))]) {
            assert.equal(error.code, 401);
            assert.match(error.text, new RegExp(name));
        }
        assert.throws(() => made.broadcast('x', undefined, how), (error) => error.code === 401 && error.text.includes(name));
    }
    assert.throws(() => ws.send('x', { key: -1 }, () => {}), (error) => error.code === 401 && /key/.test(error.text));
    await ws.close();
    await made.stop();
}

// Node does not tell the descriptor of a socket on Windows.
async function refusesToAdopt() {
    const { server: made } = await server();
    const refused = await rejected(made.adopt({ rawHeaders: [] }, new net.Socket()));
    assert.deepEqual([refused.code, refused.parameter], [401, 'socket']);
    assert(refused.text.includes('Windows'), refused.text);
    await made.stop();
}

// A connection of Node's own HTTP server, with what came behind its request.
async function adopts() {
    if (process.versions.bun) { // whose sockets do not say their descriptor
        console.log('left out in Bun:');
        return;
    }
    if (process.platform === 'win32') return refusesToAdopt();
    const made = face.createWebSocketServer();
    made.on('messageReceive', (m) => made.send(m.data, m.clientConnection).catch(() => {}));
    await made.start({ serverPort: 0, noListeners: true });
    assert.equal(made.port, 0);
    const web = http.createServer((request, answer) => answer.end('page'));
    let refused;
    web.on('upgrade', (request, socket, head) => {
        made.adopt(request, {}, head).catch((error) => { refused = error; });
        made.adopt(request, socket, head);
    });
    await new Promise((done) => web.listen(0, '127.0.0.1', done));
    const { port } = web.address();
    assert.equal((await get(port, '/')).body, 'page');
    // The first frame comes with the request.
    const socket = net.connect(port, '127.0.0.1');
    let answer = Buffer.alloc(0);
    socket.on('data', (data) => { answer = Buffer.concat([answer, data]); });
    socket.write(Buffer.concat([Buffer.from(`GET /room HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`), Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])]));
    await until('the echo', () => answer.includes(Buffer.from([0x81, 2, 0x68, 0x69])));
    assert(answer.toString('latin1').startsWith('HTTP/1.1 101 '));
    assert.deepEqual([refused.code, refused.parameter], [401, 'socket']);
    assert.equal((await peerOf(made)).target, '/room');
    socket.destroy();
    const ws = face.createWebSocket();
    await ws.connect(`ws://127.0.0.1:${port}/`);
    const echo = told(ws, 'message');
    await ws.send('adopted');
    assert.equal((await echo)[1], 'adopted');
    await ws.close();
    web.close();
    await made.stop();
}

// No new clients, and those there stay; more places to listen at.
async function listens() {
    const { server: made, url } = await server({}, { listeners: [{ ip: '127.0.0.1', port: 0 }] });
    const ws = face.createWebSocket();
    await ws.connect(url);
    assert.equal(await made.stopListening(), true);
    assert.equal((await rejected(face.createWebSocket().connect(url))).code, 200);
    const echo = told(ws, 'message');
    await ws.send('still here');
    assert.equal((await echo)[1], 'still here');
    await ws.close();
    await made.stop();
    assert.equal((await rejected(made.stopListening())).code, 2302999);
}

// A wrong value is refused by the name that it has here.
async function refusesByName() {
    const ws = face.createWebSocket(), made = face.createWebSocketServer();
    for (const [given, name] of [[{ maxRedirects: 30 }, 'maxRedirects'], [{ reconnect: { maxTries: -1 } }, 'reconnect.maxTries'], [{ reconnect: { ask: 1 } }, 'reconnect.ask'], [{ compression: { level: 44 } }, 'compression.level'], [{ keepCookies: 1 }, 'keepCookies'],
        [{ fullPolicy: 'x' }, 'fullPolicy'], [{ connectAddress: 'x y' }, 'connectAddress'], [{ maxSendFrame: 5 }, 'maxSendFrame'], [{ reconnect: { finalCodes: [1000, 'x'] } }, 'reconnect.finalCodes[1]'], [{ connectedDescriptor: 999999 }, 'connectedDescriptor'], [{ ca: 5 }, 'ca']]) {
        const error = await rejected(ws.connect('ws://127.0.0.1:1/', given));
        assert.deepEqual([error.code, error.parameter], [401, name], error.text);
        assert(error.text.startsWith(name), error.text);
    }
    for (const [given, name] of [[{ maxConnections: -5 }, 'maxConnections'], [{ hosts: 'a b' }, 'hosts'], [{ healthPath: 'x' }, 'healthPath'], [{ clientAddress: 'q' }, 'clientAddress'], [{ maxFragments: -1 }, 'maxFragments'], [{ listeners: {} }, 'listeners'],
        [{ listeners: [{ descriptor: 'x' }] }, 'listeners[0].descriptor'], [{ request: 1 }, 'request']]) {
        const error = await rejected(made.start({ serverPort: 0, ...given }));
        assert.deepEqual([error.code, error.parameter], [401, name], error.text);
    }
}

for (const test of [asksAndKeepsCookies, asksInTheHandshake, hostsAndWays, pongsAndSkips, topics, latestValues, adopts, listens, refusesByName]) {
    await test();
    console.log(test.name);
}
await until('nothing is open', () => native.libraryStats().connections === 0);
assert.equal(native.libraryStats().defects, 0);
