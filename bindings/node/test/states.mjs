// SPDX-License-Identifier: Apache-2.0
// Every state of a client and a server x every call, by callback and by promise: what comes
// out, and that nothing but wrong arguments throws. Then every wrong argument, by its name.
import assert from 'node:assert/strict';
import net from 'node:net';
import { createHash } from 'node:crypto';
import { face, rejected, server, until, within } from './kit.mjs';

const echo = await server();

/** Answers the upgrade, but no Close frame; or nothing at all. */
async function mute(upgrades) {
    const sockets = new Set();
    const made = net.createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.once('data', (data) => {
            if (!upgrades) return;
            const key = /Sec-WebSocket-Key: (.*)\r\n/i.exec(data)[1];
            const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
            socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
        });
    });
    await new Promise((done) => made.listen(0, '127.0.0.1', done));
    return { url: `ws://127.0.0.1:${made.address().port}/`, end: () => { made.close(); for (const s of sockets) s.destroy(); } };
}
const silent = await mute(false);
const deaf = await mute(true);

const CLIENT_STATES = {
    'new': async () => face.createWebSocket(),
    connecting: async () => { const ws = face.createWebSocket(); ws.connect(silent.url).catch(() => {}); return ws; },
    open: async () => { const ws = face.createWebSocket(); await ws.connect(echo.url); return ws; },
    closing: async () => { const ws = face.createWebSocket(); await ws.connect(deaf.url); ws.close({ timeout: 3600000 }).catch(() => {}); return ws; },
    closed: async () => {
        const ws = face.createWebSocket();
        await ws.connect(echo.url);
        const gone = new Promise((done) => ws.on('close', done));
        await ws.close();
        await gone;
        ws.off('close');
        return ws;
    },
    failed: async () => { const ws = face.createWebSocket(); await rejected(ws.connect('ws://127.0.0.1:1/')); return ws; },
};
const CLIENT_CALLS = {
    'connect(url)': [(ws, ...cb) => ws.connect(echo.url, ...cb), { 'new': true, connecting: 2302003, open: 2302003, closing: 2302003, closed: true, failed: true }],
    'connect(url, options)': [(ws, ...cb) => ws.connect(echo.url, { header: { key: 'value' } }, ...cb), { 'new': true, connecting: 2302003, open: 2302003, closing: 2302003, closed: true, failed: true }],
    'send(string)': [(ws, ...cb) => ws.send('text', ...cb), { 'new': 2302999, connecting: 'waits', open: true, closing: 2302999, closed: 2302999, failed: 2302999 }],
    'send(ArrayBuffer)': [(ws, ...cb) => ws.send(new ArrayBuffer(3), ...cb), { 'new': 2302999, connecting: 'waits', open: true, closing: 2302999, closed: 2302999, failed: 2302999 }],
    'close()': [(ws, ...cb) => ws.close(...cb), { 'new': 2302999, connecting: true, open: true, closing: 2302999, closed: 2302999, failed: 2302999 }],
    'close(options)': [(ws, ...cb) => ws.close({ code: 1000, reason: 'r' }, ...cb), { 'new': 2302999, connecting: true, open: true, closing: 2302999, closed: 2302999, failed: 2302999 }],
};

/** What a call gives: true, an id, or 'waits' while nothing has come although the loop has turned. */
async function outcome(ws, call, way) {
    let settled;
    const take = (error, value) => {
        if (settled !== undefined) throw new Error('settled twice');
        settled = error ? error.code : value;
    };
    let inside = true;
    if (way === 'callback') {
        const result = call(ws, (error, value) => { assert(!inside, 'a callback inside the call'); take(error, value); });
        assert.equal(result, undefined);
    } else {
        const result = call(ws);
        assert(result instanceof Promise);
        result.then((value) => take(undefined, value), (error) => take(error));
    }
    inside = false;
    return { get: () => settled };
}

let cells = 0;
for (const [state, make] of Object.entries(CLIENT_STATES)) {
    for (const [name, [call, expected]] of Object.entries(CLIENT_CALLS)) {
        for (const way of ['callback', 'promise']) {
            const ws = await within(state, make());
            const seen = await outcome(ws, call, way);
            const wanted = expected[state];
            if (wanted === 'waits') { // kept until open; here the attempt ends
                await new Promise((done) => setImmediate(done));
                assert.equal(seen.get(), undefined, `${state} x ${name} by ${way}`);
                ws.abort();
                await until(`${state} x ${name} by ${way}`, () => seen.get() !== undefined);
                assert.equal(seen.get(), 2302999);
            } else {
                await until(`${state} x ${name} by ${way}`, () => seen.get() !== undefined);
                assert.equal(seen.get(), wanted, `${state} x ${name} by ${way}`);
            }
            if (ws.readyState !== 3) { try { ws.abort(); } catch { /* it has ended meanwhile */ } }
            cells++;
        }
    }
}

// Close twice: the first one ends it, the second is told.
{
    const ws = face.createWebSocket();
    await ws.connect(echo.url);
    const first = ws.close();
    assert.equal((await rejected(ws.close())).code, 2302999);
    assert.equal(await first, true);
}

// Wrong arguments: thrown to who has a callback, rejected to who has not, with 401 and the name.
const ws = face.createWebSocket();
await ws.connect(echo.url);
const idle = face.createWebSocket();
const cb = () => { throw new Error('a callback of a wrong call was called'); };
const detached = new ArrayBuffer(8);
const viewOfDetached = new Uint8Array(detached);
structuredClone(detached, { transfer: [detached] });
const WRONG = [
    [(c) => idle.connect(undefined, ...c), 'url'], [(c) => idle.connect(5, ...c), 'url'], [(c) => idle.connect(null, {}, ...c), 'url'],
    [(c) => idle.connect(echo.url, 5, ...c), 'options'], [(c) => idle.connect(echo.url, [], ...c), 'options'],
    [(c) => idle.connect(echo.url, { header: 5 }, ...c), 'header'],
    [(c) => idle.connect(echo.url, { header: { a: {} } }, ...c), 'header.a'],
    [(c) => idle.connect(echo.url, { header: { a: 'b\0c' } }, ...c), 'header.a'],
    [(c) => idle.connect(echo.url, { header: { 'bad name': 'b' } }, ...c), 'header'],
    [(c) => idle.connect(echo.url, { header: { a: 'x\r\ny: z' } }, ...c), 'header'],
    [(c) => idle.connect(echo.url, { protocol: 5 }, ...c), 'protocol'],
    [(c) => idle.connect(echo.url, { protocol: 'a', header: { 'Sec-WebSocket-Protocol': 'b' } }, ...c), 'protocol'],
    [(c) => idle.connect(echo.url, { caPath: 5 }, ...c), 'caPath'],
    [(c) => idle.connect(echo.url, { clientCert: {} }, ...c), 'clientCert.certPath'],
    [(c) => idle.connect(echo.url, { clientCert: { certPath: 'a' } }, ...c), 'clientCert.keyPath'],
    [(c) => idle.connect(echo.url, { proxy: 'direct' }, ...c), 'proxy'],
    [(c) => idle.connect(echo.url, { proxy: { port: 1 } }, ...c), 'proxy.host'],
    [(c) => idle.connect(echo.url, { proxy: { host: 'h', port: 70000 } }, ...c), 'proxy.port'],
    [(c) => idle.connect(echo.url, { proxy: { host: 'h', port: 1, exclusionList: 'x' } }, ...c), 'proxy.exclusionList'],
    [(c) => idle.connect(echo.url, { skipServerCertVerification: 1 }, ...c), 'skipServerCertVerification'],
    [(c) => idle.connect(echo.url, { pingInterval: -1 }, ...c), 'pingInterval'],
    [(c) => idle.connect(echo.url, { pongTimeout: 30001 }, ...c), 'pongTimeout'],
    [(c) => idle.connect(echo.url, { minSupportTlsProtocol: 4 }, ...c), 'minSupportTlsProtocol'],
    [(c) => ws.send(undefined, ...c), 'data'], [(c) => ws.send(5, ...c), 'data'], [(c) => ws.send({}, ...c), 'data'],
    [(c) => ws.send(detached, ...c), 'data'], [(c) => ws.send(viewOfDetached, ...c), 'data'], [(c) => ws.send(Symbol('s'), ...c), 'data'],
    [(c) => idle.send(5, ...c), 'data'],
    [(c) => ws.close(5, ...c), 'options'], [(c) => ws.close({ code: 'a' }, ...c), 'code'], [(c) => ws.close({ code: 1005 }, ...c), 'code'],
    [(c) => ws.close({ code: 999 }, ...c), 'code'], [(c) => ws.close({ code: 1000.5 }, ...c), 'code'],
    [(c) => ws.close({ reason: 5 }, ...c), 'reason'], [(c) => ws.close({ reason: 'x'.repeat(124) }, ...c), 'reason'],
];
for (const [call, name] of WRONG) {
    const thrown = (() => { try { call([cb]); } catch (error) { return error; } return undefined; })();
    const late = await rejected(call([]));
    for (const error of [thrown, late]) {
        assert(error instanceof face.BusinessError, `${call}: ${error}`);
        assert.equal(error.code, 401, `${call}`);
        assert.equal(error.message, 'Parameter error.');
        assert(error.text.includes(name.split('.').pop()), `${call}: ${error.text}`);
        for (const field of ['code', 'message', 'text']) assert(Object.keys(error).includes(field));
    }
}
for (const [call, name] of [[() => ws.on(), 'type'], [() => ws.on('open'), 'callback'], [() => ws.on('open', 5), 'callback'], [() => ws.on('opened', cb), 'type'],
    [() => ws.off(5), 'type'], [() => ws.off('open', 'x'), 'callback']]) {
    assert.throws(call, (error) => error.code === 401 && error.parameter === name, `${call}`);
}
for (const url of ['ws://', 'http://127.0.0.1/', 'ws://a b/', '', `ws://127.0.0.1/${'x'.repeat(8200)}`]) assert.equal((await rejected(idle.connect(url))).code, 2302001, url);
assert.equal((await rejected(idle.connect('wss://127.0.0.1/', { caPath: '/no/such/file' }))).code, 2302002);
assert.equal((await rejected(ws.send('x'.repeat(70 * 1024 * 1024)))).code, 401);

// Views: byteOffset and length count.
{
    const got = [];
    ws.on('message', (err, value) => got.push(value));
    const bytes = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);
    await ws.send(bytes.subarray(2, 5));
    await ws.send(new DataView(bytes.buffer, 6, 2));
    await ws.send(Buffer.from('abc'));
    await ws.send(new Uint16Array(bytes.buffer, 2, 1));
    await ws.send('\ud800');
    await until('five echoes', () => got.length === 5);
    if (ArrayBuffer.prototype.resize) { // Node 20
        const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
        new Uint8Array(buffer).set([1, 2, 3, 4, 5, 6, 7, 8]);
        const follows = new Uint8Array(buffer, 4), [fixed, view] = [new Uint16Array(buffer, 4, 2), new DataView(buffer, 6)];
        buffer.resize(5);
        for (const gone of [fixed, view]) {
            const error = await rejected(ws.send(gone));
            assert.deepEqual([error.code, error.text], [401, 'data is a view of what its buffer does not have any more']);
        }
        await ws.send(follows);
        await ws.send(new Uint8Array(0));
        await until('both', () => got.length === 7);
        assert.deepEqual(got.splice(5).map((b) => [...new Uint8Array(b)]), [[5], []]);
    }
    assert.deepEqual(got.slice(0, 4).map((b) => [...new Uint8Array(b)]), [[2, 3, 4], [6, 7], [97, 98, 99], [2, 3]]);
    assert.equal(got[4], '\ufffd');
}
await ws.close();

// Repeated fields of an answer come as a list, header values may be lists, the subprotocol comes from either place.
{
    const seen = [];
    const hooked = await server({}, { protocol: 'a, b', upgrade: (request) => { seen.push(request); return { header: { 'X-Two': ['1', '2'], 'X-One': '1' } }; } });
    const client = face.createWebSocket();
    let answer, info;
    client.on('headerReceive', (fields) => { answer = fields; });
    client.on('openInfo', (err, value) => { info = value; });
    await client.connect(`${hooked.url}room?x=1`, { header: { key: ['v1', 'v2'], 'sec-websocket-protocol': 'b' } });
    await until('openInfo', () => info);
    assert.deepEqual(seen[0].header.key, ['v1', 'v2']);
    assert.equal(seen[0].target, '/room?x=1');
    assert.deepEqual(seen[0].protocols, ['b']);
    assert.deepEqual(answer['x-two'], ['1', '2']);
    assert.equal(answer['x-one'], '1');
    assert.deepEqual(info, { status: 101, message: 'Switching Protocols', protocol: 'b' });
    await client.close();
    // A refusal has everything in own enumerable fields.
    const refusing = await server({}, { upgrade: async () => ({ status: 403, header: { 'X-Why': 'closed' }, body: 'not today' }) });
    const told = [];
    client.on('error', (error) => told.push(error));
    const error = await rejected(client.connect(refusing.url));
    const json = JSON.parse(JSON.stringify(error));
    assert.equal(json.code, 200);
    assert.equal(json.message, 'Websocket connect failed.');
    assert.equal(json.data, '403');
    assert.equal(json.stage, 'upgrade');
    assert.equal(json.osError, 0);
    assert.equal(json.body, 'not today');
    assert.equal(json.header['x-why'], 'closed');
    assert(json.text.includes('403'));
    assert.deepEqual(told, [error]); // the event is told before the promise goes on
    await hooked.server.stop();
    await refusing.server.stop();
}

// The server.
{
    const made = face.createWebSocketServer();
    const nobody = { clientIP: '127.0.0.1', clientPort: 1 };
    for (const state of ['new', 'stopped']) {
        assert.equal((await rejected(made.stop())).code, 2302999, state);
        assert.equal((await rejected(made.send('x', nobody))).code, 2302006, state);
        assert.equal((await rejected(made.close(nobody))).code, 2302006, state);
        assert.deepEqual(await made.listAllConnections(), [], state);
        for (const [config, id, name] of [[undefined, 401, 'config'], [{}, 401, 'serverPort'], [{ serverPort: 'x' }, 401, 'serverPort'], [{ serverPort: 70000 }, 2302005],
            [{ serverPort: -1 }, 2302005], [{ serverPort: 0, serverIP: 'host' }, 2302004], [{ serverPort: 0, serverIP: '192.0.2.1' }, 2302004], [{ serverPort: echo.server.port, serverIP: '127.0.0.1' }, 2302007],
            [{ serverPort: 0, serverCert: { certPath: '/no/such', keyPath: '/no/such' } }, 2302002], [{ serverPort: 0, serverCert: { certPath: 'x' } }, 401, 'serverCert.keyPath'],
            [{ serverPort: 0, maxConnectionsForOneClient: 'x' }, 401, 'maxConnectionsForOneClient']]) {
            const error = await rejected(made.start(config));
            assert.equal(error.code, id, JSON.stringify(config));
            if (name) assert(error.text.includes(name.split('.').pop()), error.text);
        }
        assert.equal(await made.start({ serverPort: 0, serverIP: '127.0.0.1' }), true);
        assert.equal((await rejected(made.start({ serverPort: 0 }))).code, 2302999);
        const client = face.createWebSocket();
        await client.connect(`ws://127.0.0.1:${made.port}/`);
        await until('the connection', () => made.stats().connections === 1);
        await until('it is listed', () => { made.listAllConnections().then((all) => { nobody.all = all; }); return nobody.all && nobody.all.length === 1; });
        const [connection] = nobody.all;
        delete nobody.all;
        const got = [];
        client.on('message', (err, value) => got.push(value));
        assert.equal(await made.send('by object', connection), true);
        assert.equal(await made.send('by address', { ...connection }), true); // another object that says the same
        for (const [call, name] of [[() => made.send(5, connection), 'data'], [() => made.send('x'), 'connection'], [() => made.send('x', {}), 'clientIP'], [() => made.close(5), 'connection'],
            [() => made.close(connection, { code: 1005 }), 'code']]) {
            const error = await rejected(call());
            assert.equal(error.code, 401);
            assert(error.text.includes(name), error.text);
        }
        await until('both', () => got.length === 2);
        const closed = new Promise((done) => client.on('close', (err, value) => done(value)));
        assert.equal(await made.close(connection, { code: 3001, reason: 'enough' }), true);
        assert.deepEqual(await within('close', closed), { code: 3001, reason: 'enough' });
        assert.equal((await rejected(made.close(connection))).code, 2302006);
        assert.equal((await rejected(made.send('x', connection))).code, 2302006);
        assert.equal(await made.stop(), true);
        assert.equal(made.port, 0);
        cells++;
    }
}
await echo.server.stop();
silent.end();
deaf.end();
console.log(`${cells} cells, ${WRONG.length} wrong calls`);
