// SPDX-License-Identifier: Apache-2.0
// The examples of the five documents about the module, run as they stand but for the import
// line and the addresses: documents.mjs ours|ws EXAMPLES TRANSCRIPTS [--write]
//
// Against a server of ours, or npm's ws, what they print is compared with transcripts.json,
// which says what the documents' text promises. Every example is run, or named as left out.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { createRequire } from 'node:module';
import { face, server, until } from './kit.mjs';

const require = createRequire(import.meta.url);
const from = createRequire(`${process.env.LIBWS_TEST_MODULES || import.meta.dirname || '.'}/x.js`);
const ts = from('typescript');
const { WebSocket: Foreign, WebSocketServer: ForeignServer } = from('ws');

const [peer, examplesFile, transcriptsFile, write] = process.argv.slice(2);
const documents = JSON.parse(readFileSync(examplesFile, 'utf8'));

/** A hello is answered with an answer and bye, so that an example that waits for bye ends. */
function converse(data, send) {
    if (data !== 'Hello, server!') return;
    send('Hello, client!');
    send('bye');
}

async function startPeer() {
    if (peer === 'ours') {
        const made = await server({ messageReceive: (m) => converse(m.data, (text) => made.server.send(text, m.clientConnection).catch(() => {})) }, { protocol: 'my-protocol' });
        return { port: made.server.port, end: () => made.server.stop() };
    }
    const made = new ForeignServer({ host: '127.0.0.1', port: 0, handleProtocols: (offered) => offered.has('my-protocol') && 'my-protocol' });
    await new Promise((done) => made.once('listening', done));
    made.on('connection', (ws) => ws.on('message', (data, binary) => converse(binary ? data : data.toString(), (text) => ws.send(text))));
    return {
        port: made.address().port,
        end: () => new Promise((done) => { made.close(done); for (const ws of made.clients) ws.close(); }),
    };
}

/** A proxy that knows CONNECT, for the example that has one. */
function startProxy() {
    const proxy = http.createServer();
    const sockets = new Set();
    let used = 0;
    proxy.on('connect', (request, socket) => {
        used++;
        const [host, port] = request.url.split(':');
        const onward = net.connect(port, host, () => { socket.write('HTTP/1.1 200 Connection established\r\n\r\n'); socket.pipe(onward).pipe(socket); });
        for (const one of [socket, onward]) { sockets.add(one); one.on('error', () => {}); }
    });
    return new Promise((done) => proxy.listen(0, '127.0.0.1', () => done({ port: proxy.address().port, used: () => used, end: () => { proxy.close(); for (const s of sockets) s.destroy(); } })));
}

/** Imports and addresses; the rest of the code stays as it is. */
function adapted(code, ports) {
    return code.replace(/^import .*$/gm, '')
        .replace(/"ws:\/\/"/g, `"ws://127.0.0.1:${ports.server}/"`)
        .replace("'wss://echo.websocket.org'", `'ws://127.0.0.1:${ports.server}/'`)
        .replace(/host: '192\.168\.0\.150', *\n? *port: 8888/, `host: '127.0.0.1', port: ${ports.proxy}`)
        .replace('serverPort: 8080', "serverPort: 0, serverIP: '127.0.0.1'");
}

/** Runs one program; says() waits between its steps, so that the peer can act. */
function run(name, code, ports, step = async () => {}) {
    const lines = [];
    const put = (...words) => { lines.push(words.join(' ')); };
    const js = ts.transpileModule(`(async () => {\n${adapted(code, ports)}\n})()`, { compilerOptions: { target: 'ES2022', module: 'None' }, reportDiagnostics: true });
    assert.deepEqual(js.diagnostics.map((d) => `${name}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`), []);
    const made = []; // servers that the example makes, so that the peer can find their port
    const webSocket = { ...face.webSocket, createWebSocketServer: () => { const s = face.createWebSocketServer(); made.push(s); return s; } };
    const hilog = { info: (domain, tag, ...rest) => put(...rest), error: (domain, tag, ...rest) => put('E', ...rest) };
    const ended = Function('webSocket', 'console', 'hilog', '__step', `return ${js.outputText}`)(webSocket, { log: put, error: put, info: put }, hilog, (n) => step(n, made, lines));
    return { name, lines, ended };
}

/** What changes from run to run: the ports of clients. */
const steady = (line) => line.replace(/Client port: \d+/, 'Client port: PORT').replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');

/** Nothing says whether a send is told before the answer to it: those lines are compared behind all others. */
const SENT = /^(send success|Message sent successfully|message send successfully)$/;
const ordered = (lines) => [...lines.filter((line) => !SENT.test(line)), ...lines.filter((line) => SENT.test(line))];

/** The guide's steps are one program for the client and one for the server. */
function guide(examples) {
    const second = examples.findIndex((code, i) => i > 0 && code.startsWith('import '));
    return { client: examples.slice(0, second), server: examples.slice(second) };
}

/** A client of npm's ws that says hello and bye to the guide's server before its last steps. */
async function visit(n, made, lines) {
    if (n === 4) { // started: a client comes
        await until('the server listens', () => made[0].port > 0 && lines.some((line) => line.includes('started')));
        const ws = new Foreign(`ws://127.0.0.1:${made[0].port}/`);
        const heard = [];
        ws.on('message', (data) => heard.push(data.toString()));
        visit.client = { ws, heard };
        await until('the greeting', () => heard.length === 1 && lines.some((line) => line.includes('send successfully')));
    }
    if (n === 5) { // listed: the client goes
        const { ws, heard } = visit.client;
        const closed = new Promise((done) => ws.on('close', (code, reason) => done(`${code} ${reason}`)));
        ws.send('bye');
        assert.equal(await closed, '1000 CLOSE_NORMAL');
        assert.deepEqual(heard, ["Hello, I'm server!"]);
        await until('the server has seen the end', () => lines.some((line) => line.startsWith('client close,')));
    }
}

const stands = await startPeer();
const proxy = await startProxy();
const ports = { server: stands.port, proxy: proxy.port };
const expected = write ? {} : JSON.parse(readFileSync(transcriptsFile, 'utf8'));
const said = {};
const leftOut = [];
for (const { name, examples } of documents) {
    const programs = [];
    if (name === '002') {
        const { client, server: steps } = guide(examples);
        programs.push(['client', client.join('\n'), client.length]);
        programs.push(['server', steps.map((code, i) => `${code}\nawait __step(${i + 1});`).join('\n'), steps.length]);
    } else {
        examples.forEach((code, i) => programs.push([String(i + 1), code, 1]));
    }
    let blocks = 0;
    for (const [which, code, count] of programs) {
        const key = `${name}/${which}`;
        const example = run(key, code, ports, visit);
        blocks += count;
        await example.ended;
        if (write) await new Promise((done) => setTimeout(done, 400)); // only to write the transcripts
        else await until(`${key} says ${JSON.stringify(expected[key])}, not ${JSON.stringify(example.lines)}`, () => example.lines.length >= expected[key].length);
        said[key] = example.lines;
    }
    if (blocks !== examples.length) leftOut.push(name);
    console.log(`document ${name}: ${blocks} of ${examples.length} examples run`);
}
assert.deepEqual(leftOut, []);
assert.equal(proxy.used(), 2); // the complete examples of 003 and 004
await stands.end();
await until('all connections are gone', () => require('../lib/load.js').libraryStats().connections === 0);
proxy.end();
// Also what came after the last line that was expected.
const transcripts = Object.fromEntries(Object.entries(said).map(([key, lines]) => [key, ordered(lines.map(steady))]));
if (write) writeFileSync(transcriptsFile, `${JSON.stringify(transcripts, null, 2)}\n`);
else assert.deepEqual(transcripts, expected);
console.log(`${Object.keys(said).length} programs against ${peer}: as promised`);
