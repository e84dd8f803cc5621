// SPDX-License-Identifier: Apache-2.0
// Programs for the server of npm's ws, its README's first, say the same by ours. The clients are those of ws.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { WebSocketServer as Ours } from '../lib/websocket.mjs';
import { native, until, within } from './kit.mjs';

const { WebSocket, WebSocketServer: Theirs } = createRequire(`${process.env.LIBWS_TEST_MODULES}/x.js`)('ws');
const host = '127.0.0.1';

/** A server that listens, and who connects to it; ends both. */
async function over(Server, options, program) {
    const wss = new Server({ port: 0, host, ...options });
    const said = [], clients = [];
    await within('listening', new Promise((done, failed) => wss.on('listening', done).on('error', failed)));
    const join = (path = '/', protocols = [], how = {}) => {
        const ws = new WebSocket(`ws://${host}:${wss.address().port}${path}`, protocols, how);
        ws.on('error', () => {});
        clients.push(ws);
        return ws;
    };
    await within('the program', program(wss, join, (...what) => said.push(what.map(String).join(' '))));
    clients.forEach((ws) => ws.terminate());
    await within('the end of the server', new Promise((done) => wss.close(done)));
    if (Server === Ours) assert.equal(wss.clients.size, 0); // ws counts its sockets, and forgets some clients a little later
    return said;
}
const once = (emitter, type) => new Promise((done) => emitter.once(type, (...values) => done(values)));
/** So many are open, and the server knows it, which may hear of it later. */
const joined = (wss, ...clients) => Promise.all([...clients.map((ws) => once(ws, 'open')), until('the connections', () => wss.clients.size === clients.length)]);

const PROGRAMS = {
    'Simple server': async (wss, join, say) => {
        wss.on('connection', function connection(ws) {
            ws.on('error', console.error);
            ws.on('message', function message(data) {
                say('received: %s', data);
            });
            ws.send('something');
        });
        const ws = join();
        say(...await once(ws, 'message'));
        ws.send('said');
        ws.close(1000);
        say(...await once(ws, 'close'));
    },
    'Server broadcast, but not to who has sent': async (wss, join, say) => {
        wss.on('connection', function connection(ws) {
            ws.on('message', function message(data, isBinary) {
                wss.clients.forEach(function each(client) {
                    if (client !== ws && client.readyState === WebSocket.OPEN) {
                        client.send(data, { binary: isBinary });
                    }
                });
            });
        });
        const [a, b, c] = [join(), join(), join()];
        await joined(wss, a, b, c);
        const got = [b, c].map(async (ws) => { for (let i = 0; i < 2; i++) say(...await once(ws, 'message')); });
        a.on('message', () => say('itself'));
        a.send('text');
        await Promise.all([once(b, 'message'), once(c, 'message')]);
        a.send(Buffer.from([1, 2]));
        await Promise.all(got);
    },
    'How to detect and close broken connections': async (wss, join, say) => {
        function heartbeat() {
            this.isAlive = true;
            say('alive');
        }
        wss.on('connection', function connection(ws) {
            ws.isAlive = true;
            ws.on('pong', heartbeat);
        });
        const round = () => wss.clients.forEach(function each(ws) {
            if (ws.isAlive === false) return ws.terminate();
            ws.isAlive = false;
            ws.ping();
        });
        const lively = join(), silent = join('/', [], { autoPong: false });
        await joined(wss, lively, silent);
        const heard = Promise.all([once(lively, 'ping'), once(silent, 'ping'), new Promise((done) => {
            for (const ws of wss.clients) ws.on('pong', done);
        })]);
        round();
        await heard;
        const gone = once(silent, 'close');
        round();
        say(...await gone);
        say(lively.readyState);
    },
    'Who asks, for what, in which protocol': async (wss, join, say) => {
        wss.on('connection', (ws, request) => {
            const { 'x-list': list, cookie, upgrade } = request.headers;
            say(request.method, request.url, list, cookie, upgrade, request.socket.remoteAddress, typeof request.socket.remotePort, ws.protocol, ws.readyState);
        });
        const ws = join('/chat?a=1', ['first', 'second'], { headers: { 'X-List': ['one', 'two'], Cookie: 'a=b; c=d' } });
        await once(ws, 'open');
        say(ws.protocol);
        const elsewhere = join('/other');
        const [, answer] = await once(elsewhere, 'unexpected-response');
        say(answer.statusCode);
    },
    'What is said at the end': async (wss, join, say) => {
        wss.on('connection', (ws) => {
            ws.on('close', (code, reason) => say('server', code, Buffer.isBuffer(reason), reason, ws.readyState));
            ws.on('message', (data) => { ws.close(4001, `as ${data}`); say('closing', ws.readyState); });
        });
        for (const end of [(ws) => ws.close(3333, 'mine'), (ws) => ws.close(), (ws) => ws.send('you like')]) {
            const ws = join();
            await joined(wss, ws);
            const [server] = wss.clients, gone = once(server, 'close'), closed = once(ws, 'close');
            end(ws);
            say(...await closed);
            await gone;
        }
    },
    'A callback of send, and what cannot be sent any more': async (wss, join, say) => {
        let over = false;
        wss.on('connection', (ws) => {
            ws.send(5, (error) => say('sent', error === undefined || error === null));
            ws.send(new Uint8Array([65, 66]).subarray(1), { binary: false });
            ws.send('as bytes', { binary: true }, () => ws.close());
            ws.on('close', () => {
                ws.send('late');
                ws.send('late', (error) => { say('late', error instanceof Error); over = true; });
            });
        });
        const ws = join();
        ws.on('message', (data, binary) => say(data, binary));
        await once(ws, 'close');
        await until('what was said late', () => over);
    },
};

const options = { 'Who asks, for what, in which protocol': { path: '/chat', handleProtocols: (protocols, { url }) => url.startsWith('/chat') && [...protocols].at(-1) } };
for (const [name, program] of Object.entries(PROGRAMS)) {
    const [ours, theirs] = [await over(Ours, options[name], program), await over(Theirs, options[name], program)];
    assert(theirs.length > 0, name);
    // What different connections say has no order.
    assert.deepEqual(ours.sort(), theirs.sort(), name);
    console.log(`${name}: ${ours.length} lines`);
}

// A close lets nobody in, leaves those who are there, and is over when they have gone; one that comes later is an error.
for (const Server of [Ours, Theirs]) {
    const wss = new Server({ port: 0, host });
    await once(wss, 'listening');
    const { port } = wss.address();
    const ws = new WebSocket(`ws://${host}:${port}/`);
    await within('open', once(ws, 'open'));
    let over = false;
    const closed = new Promise((done) => wss.close(() => { over = true; done(); }));
    const again = new Promise((done) => wss.close(done)); // waits with the first one
    const late = new WebSocket(`ws://${host}:${port}/`);
    await within('a refusal', once(late, 'error'));
    ws.ping();
    await within('pong', once(ws, 'pong'));
    assert.equal(over, false);
    ws.close();
    await within('closed', Promise.all([closed, again]));
    assert((await within('a close too many', new Promise((done) => wss.close(done)))) instanceof Error);
    const free = new Server({ port, host });
    await within('the port is free', once(free, 'listening'));
    const second = new Server({ port, host });
    assert((await within('a port that is taken', once(second, 'error')))[0] instanceof Error);
    await new Promise((done) => free.close(done));
}
assert.throws(() => new Ours({ port: 0, noServer: true }), /not noServer/);
assert.equal(native.libraryStats().connections, 0);
