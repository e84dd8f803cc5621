// SPDX-License-Identifier: Apache-2.0
// The WebSocket of browsers: behaviours that web-platform-tests list for WebSocket objects,
// against a server of ours and one of npm's ws.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { WebSocket } from '../lib/websocket.mjs';
import { native, server, until, within } from './kit.mjs';

const { WebSocketServer: ForeignServer } = createRequire(`${process.env.LIBWS_TEST_MODULES}/x.js`)('ws');
const ours = await server({ messageReceive: (m) => answer(m.data, (data) => ours.server.send(data, m.clientConnection).catch(() => {}), (code, reason) => ours.server.close(m.clientConnection, { code, reason })) }, { protocol: 'chat' });
const foreign = new ForeignServer({ host: '127.0.0.1', port: 0, handleProtocols: (set) => set.has('chat') && 'chat' });
await new Promise((done) => foreign.on('listening', done));
foreign.on('connection', (ws) => ws.on('message', (data, binary) => answer(binary ? data : data.toString(), (d) => ws.send(d), (code, reason) => ws.close(code, reason))));
function answer(data, send, close) {
    if (data === 'close me') close(3456, 'as you like');
    else send(data);
}
const event = (ws, type) => within(type, new Promise((done) => ws.addEventListener(type, done, { once: true })));
const throws = (name, call) => assert.throws(call, (error) => error instanceof DOMException && error.name === name, `${call}`);
const URLS = [ours.url, `ws://127.0.0.1:${foreign.address().port}/`];

// ---- the constructor
assert.throws(() => new WebSocket(), TypeError);
assert.throws(() => WebSocket('ws://h/'), TypeError);
for (const url of ['', 'x', 'ws://', 'ftp://h/', 'mailto:a@b', 'ws://h/#f', 'ws://h/#', 'ws://h:99999/']) throws('SyntaxError', () => new WebSocket(url));
for (const protocols of ['', 'a b', 'a,b', 'é', ['a', 'a'], ['a', 'A'], ['ok', ''], 'a\n']) throws('SyntaxError', () => new WebSocket(URLS[0], protocols));
for (const [name, value] of [['CONNECTING', 0], ['OPEN', 1], ['CLOSING', 2], ['CLOSED', 3]]) {
    for (const place of [WebSocket, WebSocket.prototype]) {
        const { writable, enumerable, configurable, value: is } = Object.getOwnPropertyDescriptor(place, name);
        assert.deepEqual({ is, writable, enumerable, configurable }, { is: value, writable: false, enumerable: true, configurable: false });
    }
}

for (const url of URLS) {
    // ---- the life of one
    const ws = new WebSocket(url.replace('ws:', 'http:'), ['none', 'chat']);
    assert.equal(ws.url, url);
    assert.equal(String(ws.url), url);
    assert.deepEqual([ws.readyState, ws.protocol, ws.extensions, ws.binaryType, ws.bufferedAmount], [0, '', '', 'blob', 0]);
    assert(ws instanceof EventTarget);
    throws('InvalidStateError', () => ws.send('early'));
    throws('InvalidAccessError', () => ws.close(1001));
    throws('InvalidAccessError', () => ws.close(2999));
    throws('InvalidAccessError', () => ws.close(5000));
    throws('SyntaxError', () => ws.close(1000, 'x'.repeat(124)));
    throws('SyntaxError', () => ws.close(3000, 'é'.repeat(62)));
    ws.binaryType = 'nonsense';
    assert.equal(ws.binaryType, 'blob');
    const order = [];
    const first = () => order.push('property');
    ws.onopen = first;
    ws.addEventListener('open', () => order.push('listener'));
    ws.onopen = () => order.push('property again'); // keeps its place
    assert.equal(typeof ws.onopen, 'function');
    assert.equal(ws.onmessage, null);
    const opened = await event(ws, 'open');
    assert.deepEqual(order, ['property again', 'listener']);
    assert.deepEqual([opened.type, opened.bubbles, opened.cancelable, opened.target === ws, ws.readyState, ws.protocol], ['open', false, false, true, 1, 'chat']);
    ws.readyState === 1 && assert.throws(() => { 'use strict'; ws.readyState = 5; }, TypeError);

    // ---- messages
    const got = [];
    ws.onmessage = (e) => got.push(e);
    assert.equal(ws.bufferedAmount, 0);
    ws.send('text \u2713 \ud800'); // an unpaired surrogate becomes U+FFFD
    assert.equal(ws.bufferedAmount, 12); // in bytes, without frames, as long as the turn of the event loop lasts
    ws.send(new Uint8Array([9, 1, 2, 9]).subarray(1, 3));
    assert.equal(ws.bufferedAmount, 14);
    ws.send(new Blob(['from a blob']));
    assert.equal(ws.bufferedAmount, 25);
    ws.send('behind the blob');
    ws.send(null);
    ws.send(5);
    assert.equal(ws.bufferedAmount, 25 + 15 + 4 + 1);
    await until('six echoes', () => got.length === 6);
    assert.equal(ws.bufferedAmount, 0);
    assert.equal(String(ws), '[object WebSocket]');
    assert.equal(WebSocket.length, 1);
    assert.equal(got[0].data, 'text \u2713 \ufffd');
    assert.equal(got[0].origin, new URL(url).origin);
    assert(got[1].data instanceof Blob);
    assert.deepEqual([...new Uint8Array(await got[1].data.arrayBuffer())], [1, 2]);
    assert.equal(await got[2].data.text(), 'from a blob');
    assert.deepEqual(got.slice(3).map((e) => e.data), ['behind the blob', 'null', '5']);
    ws.binaryType = 'arraybuffer';
    ws.send(new ArrayBuffer(0));
    await until('an empty one', () => got.length === 7);
    assert(got[6].data instanceof ArrayBuffer && got[6].data.byteLength === 0);

    // ---- close by this end
    const closing = event(ws, 'close');
    ws.close(3001, 'done');
    assert.equal(ws.readyState, 2);
    ws.close(); // once more is nothing
    ws.send('12345');
    assert.equal(ws.bufferedAmount, 5); // it counts and goes nowhere
    const closed = await closing;
    assert.deepEqual([closed.code, closed.reason, closed.wasClean, closed.type, ws.readyState, ws.bufferedAmount], [3001, 'done', true, 'close', 3, 5]);
    ws.close();
    assert.equal(ws.readyState, 3);

    // ---- a close that says nothing; one whose reason has an unpaired surrogate
    for (const [args, code, reason] of [[[], 1005, ''], [[undefined], 1005, ''], [[undefined, 'alone'], 1000, 'alone'], [[1000], 1000, ''], [[3000, '\ud800'], 3000, '\ufffd'], [[1000.4], 1000, '']]) {
        const silent = new WebSocket(url);
        await event(silent, 'open');
        const over = event(silent, 'close');
        silent.close(...args);
        const said = await over;
        assert.deepEqual([said.code, said.reason, said.wasClean, String(said)], [code, reason, true, '[object CloseEvent]'], `close(${args})`);
    }
    for (const code of [NaN, null, 'x', {}, 65536 + 1000]) {
        const ready = new WebSocket(url);
        throws('InvalidAccessError', () => ready.close(code));
        ready.close();
    }

    // ---- close by the other end
    const other = new WebSocket(url);
    await event(other, 'open');
    assert.equal(other.protocol, '');
    const end = event(other, 'close');
    other.send('close me');
    const { code, reason, wasClean } = await end;
    assert.deepEqual({ code, reason, wasClean }, { code: 3456, reason: 'as you like', wasClean: true });

    // ---- close while connecting: error, then close with 1006
    const hasty = new WebSocket(url);
    const seen = [];
    for (const type of ['open', 'error', 'close']) hasty.addEventListener(type, (e) => seen.push(type === 'close' ? e.code : type));
    hasty.close();
    assert.equal(hasty.readyState, 2);
    await event(hasty, 'close');
    assert.deepEqual(seen, ['error', 1006]);
}

// ---- nobody there, and a subprotocol that nobody speaks
for (const [url, protocol] of [['ws://127.0.0.1:1/', []], ['ws://[::ffff:127.0.0.1]:1/', 'x']]) {
    const ws = new WebSocket(url, protocol);
    const seen = [];
    ws.onerror = (e) => seen.push(e.type, e.constructor.name);
    ws.onclose = (e) => seen.push(e.code, e.wasClean, e.reason);
    await event(ws, 'close');
    assert.deepEqual(seen, ['error', 'Event', 1006, false, '']);
}
// A listener that throws takes nothing from the next one.
{
    const caught = [];
    process.on('uncaughtException', (error) => caught.push(error.message));
    const ws = new WebSocket(URLS[0]);
    let after = false;
    ws.addEventListener('open', () => { throw new Error('in open'); });
    ws.addEventListener('open', () => { after = true; });
    await event(ws, 'open');
    await until('the exception', () => caught.length === 1);
    assert(after);
    assert.deepEqual(caught, ['in open']);
    process.removeAllListeners('uncaughtException');
    ws.close();
    await event(ws, 'close');
}
foreign.close();
await ours.server.stop();
await until('nothing is open', () => native.libraryStats().connections === 0);
console.log('as a browser has it, against both servers');
