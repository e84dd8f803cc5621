// SPDX-License-Identifier: Apache-2.0
// What belongs to which session, and what ends when: sessions.mjs [CHILD]. Run with --expose-gc.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { face, native, server, until, within } from './kit.mjs';

const wine = process.platform === 'win32'; // where a connection takes tens of times as long
const REPLACEMENTS = wine ? 50 : 1000;
const here = fileURLToPath(import.meta.url);

// ---- what a child process or a Worker does

const children = {
    async endsWhenClosed() { // everything is closed: the process ends by itself
        face.createWebSocket();
        face.createWebSocketServer();
        const { server: made, url } = await server();
        const ws = face.createWebSocket();
        const answer = new Promise((done) => ws.on('message', (err, value) => done(value)));
        await ws.connect(url);
        await ws.send('hello');
        console.log(await answer);
        await ws.close();
        await made.stop();
    },
    async endsWhenRefused() { // an attempt that fails keeps nothing
        const ws = face.createWebSocket();
        ws.on('error', (error) => console.log('error', error.code));
        ws.connect('ws://127.0.0.1:1/', (error) => console.log('callback', error.code));
    },
    async exitsUnderTraffic() {
        const { url } = await server();
        const clients = [1, 2, 3].map(() => face.createWebSocket());
        for (const ws of clients) {
            ws.on('message', (err, value) => ws.send(value).catch(() => {}));
            await ws.connect(url);
            ws.send('x'.repeat(1000));
        }
        setTimeout(() => process.exit(7), 100);
    },
    async throws() { // an exception that nobody catches ends the process, as from a timer
        const { url } = await server();
        const ws = face.createWebSocket();
        ws.on('open', () => { throw new Error('thrown in open'); });
        await ws.connect(url);
    },
};
if (!isMainThread && workerData.flood) {
    const made = face.createWebSocketServer();
    made.on('connect', () => { for (let i = 0; i < workerData.flood; i++) made.broadcast('a message among many'); });
    await made.start({ serverPort: 0, serverIP: '127.0.0.1', maxBuffered: 2 ** 30 });
    parentPort.postMessage(made.port);
} else if (!isMainThread) {
    const ws = face.createWebSocket();
    ws.on('message', (err, value) => { ws.send(value).catch(() => {}); });
    const own = await server();
    await ws.connect(workerData.url);
    await ws.send('from a Worker');
    const other = face.createWebSocket();
    await other.connect(own.url);
    parentPort.postMessage('open');
} else if (process.argv[2]) {
    await children[process.argv[2]]();
} else {
    await main();
}

function child(name) {
    const made = spawn(process.execPath, [here, name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '', err = '';
    made.stdout.on('data', (data) => { out += data; });
    made.stderr.on('data', (data) => { err += data; });
    return within(name, new Promise((done) => made.on('close', (code, signal) => done({ code, signal, out, err }))));
}

// ---- the tests

async function missesNothing() {
    const { server: made, url } = await server({ connect: (c, s) => { for (const text of ['1', '2', '3']) s.send(text, c).catch(() => {}); } });
    async function deep(ws) { return await ws.connect(url); } // promises in promises
    for (let i = 0; i < 200; i++) {
        const ws = face.createWebSocket();
        const seen = [];
        await (async () => await deep(ws))();
        ws.on('open', () => seen.push('open'));
        ws.on('message', (err, value) => seen.push(value));
        await until('open and three messages', () => seen.length === 4);
        assert.deepEqual(seen, ['open', '1', '2', '3']);
        await ws.close();
    }
    await made.stop();
}

// One object, connected anew 1,000 times while the server talks: nothing of an earlier session comes later.
async function replaces() {
    const made = face.createWebSocketServer();
    made.on('connect', (c) => { for (let i = 0; i < 5; i++) made.send(c.target, c).catch(() => {}); });
    await made.start({ serverPort: 0, serverIP: '127.0.0.1', maxConnectionsForOneClient: 100 });
    const ws = face.createWebSocket();
    let now = -1, wrong = 0, right = 0, opens = 0, closes = 0, ended = () => {};
    ws.on('open', () => { opens++; });
    ws.on('close', () => { closes++; ended(); });
    ws.on('message', (err, value) => { if (value === `/${now}`) right++; else wrong++; });
    for (let i = 0; i < REPLACEMENTS; i++) {
        now = i;
        const gone = new Promise((done) => { ended = done; });
        await ws.connect(`ws://127.0.0.1:${made.port}/${i}`);
        if (i % 3 === 0) ws.abort();
        else ws.close().catch(() => {});
        await within('close', gone);
    }
    assert.deepEqual({ wrong, opens, closes }, { wrong: 0, opens: REPLACEMENTS, closes: REPLACEMENTS });
    // After off nothing comes, also out of the same batch.
    const quiet = face.createWebSocket();
    let after = 0;
    const first = (err, value) => { after++; quiet.off('message', first); };
    quiet.on('message', first);
    await quiet.connect(`ws://127.0.0.1:${made.port}/`);
    await until('five messages', () => quiet.stats().messagesReceived === 5);
    await quiet.close();
    assert.equal(after, 1);
    await made.stop();
    console.log(`${REPLACEMENTS} replacements: ${right} messages in their session, ${wrong} in another`);
}

async function exceptionsAreNobodys() {
    const { server: made, url } = await server();
    const caught = [];
    process.on('uncaughtException', (error) => caught.push(error.message));
    const ws = face.createWebSocket();
    let second = 0;
    ws.on('message', () => { throw new Error('in message'); });
    ws.on('message', () => { second++; });
    ws.connect(url, () => { throw new Error('in connect'); });
    await until('connect', () => caught.includes('in connect'));
    await ws.send('x');
    await until('both listeners', () => second === 1);
    assert.deepEqual(caught, ['in connect', 'in message']);
    process.removeAllListeners('uncaughtException');
    await ws.close();
    await made.stop();
}

async function garbageIsClosed() {
    const { server: made, url } = await server();
    await (async () => { for (let i = 0; i < 20; i++) await face.createWebSocket().connect(url); })(); // open, without listeners
    const kept = face.createWebSocket();
    await kept.connect(url);
    let echoes = 0;
    const listening = (() => { const ws = face.createWebSocket(); ws.on('message', () => { echoes++; }); return ws.connect(url).then(() => ws.send('x')); })();
    await listening;
    await until('only what is held, or listens, is open', () => { globalThis.gc(); return made.stats().connections === 2; });
    await until('the echo', () => echoes === 1);
    await kept.close();
    await made.stop();
}

async function workersEnd() {
    const { server: made, url } = await server({}, { maxConnectionsForOneClient: 100 });
    for (let round = 0; round < 4; round++) {
        const workers = Array.from({ length: 4 }, () => new Worker(here, { workerData: { url }, execArgv: [] }));
        await Promise.all(workers.map((worker) => within('a Worker', new Promise((done, failed) => { worker.once('message', done); worker.once('error', failed); }))));
        await Promise.all(workers.map((worker) => within('terminate', worker.terminate())));
    }
    await until('their connections are gone', () => native.libraryStats().connections === 0);
    await made.stop();
}

// The event loop goes round while messages come without end.
async function loopStaysFree() {
    const FLOOD = wine ? 50000 : 200000, MOST = 20000;
    const worker = new Worker(here, { workerData: { flood: FLOOD }, execArgv: [] });
    const port = await within('a Worker', new Promise((done, failed) => { worker.once('message', done); worker.once('error', failed); }));
    const ws = face.createWebSocket();
    let got = 0, before = 0, most = 0, rounds = 0;
    ws.on('message', () => { got++; });
    await ws.connect(`ws://127.0.0.1:${port}/`);
    await within('the flood', new Promise((done) => {
        (function round() {
            most = Math.max(most, got - before);
            before = got;
            rounds++;
            if (got < FLOOD) setImmediate(round);
            else done();
        })();
    }));
    console.log(`${FLOOD} messages: the event loop went round ${rounds} times, with ${most} messages at most in one`);
    assert(most < MOST);
    ws.abort();
    await worker.terminate();
}

async function main() {
    await missesNothing();
    await replaces();
    await exceptionsAreNobodys();
    await garbageIsClosed();
    await workersEnd();
    await loopStaysFree();
    assert.deepEqual(await child('endsWhenClosed'), { code: 0, signal: null, out: 'hello\n', err: '' });
    assert.deepEqual(await child('endsWhenRefused'), { code: 0, signal: null, out: 'callback 200\nerror 200\n', err: '' });
    assert.deepEqual(await child('exitsUnderTraffic'), { code: 7, signal: null, out: '', err: '' });
    const thrown = await child('throws');
    assert.equal(thrown.code, 1);
    assert(thrown.err.includes('thrown in open'), thrown.err);
    assert.equal(native.libraryStats().defects, 0);
}
