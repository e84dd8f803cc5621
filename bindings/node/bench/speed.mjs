// SPDX-License-Identifier: Apache-2.0
// CPU time of a client for each message, beside npm's ws in the same run:
//     speed.mjs ECHO_SERVER [SECONDS [ROUNDS [--json]]]
// ECHO_SERVER is the example of that name. What the clients talk to is another process and not counted. Each
// library has a process of its own; of an echo each connection keeps DEPTH messages of SIZE bytes under
// way, and sends back what it got; in "receive" the other side writes as fast as it is read. "libws" is the
// WebSocket of browsers, "module" that of createWebSocket(), each of whose sends has a Promise.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import net from 'node:net';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(import.meta.url);
const CONNECTIONS = 64, SIZE = 64;
const LOADS = [
    { name: 'echo 64x64x1, binary', depth: 1, text: false }, { name: 'echo 64x64x1, text', depth: 1, text: true },
    { name: 'echo 64x64x16, binary', depth: 16, text: false }, { name: 'echo 64x64x16, text', depth: 16, text: true },
    { name: 'receive 1x64, binary', depth: 0, text: false }, { name: 'receive 1x64, text', depth: 0, text: true },
];

const [first, second, third, json] = process.argv.slice(2);
if (first === '--one') await one(JSON.parse(second));
else if (first === '--flood') flood(second === 'text');
else await compare(first, Number(second || 2), Number(third || 5));

async function one({ library, url, depth, text, seconds }) {
    const data = text ? 'x'.repeat(SIZE) : Buffer.alloc(SIZE, 'x');
    let got = 0, on = true;
    const connect = await client(library, url);
    const clients = await Promise.all(Array.from({ length: depth ? CONNECTIONS : 1 }, () => connect(depth ? (data, ws) => { got++; if (on) ws.send(data); } : (data) => { got += data ? 1 : 0; })));
    for (const ws of clients) for (let i = 0; i < depth; i++) ws.send(data);
    await new Promise((done) => setTimeout(done, 500)); // warm
    const before = got, cpu = process.cpuUsage(), start = process.hrtime.bigint();
    await new Promise((done) => setTimeout(done, seconds * 1000));
    const used = process.cpuUsage(cpu), messages = got - before, ns = Number(process.hrtime.bigint() - start);
    console.log(JSON.stringify({ cpu: (used.user + used.system) / messages, rate: Math.round(messages / (ns / 1e9)) }));
    on = false;
    process.exit(0);
}

/** How one of a library connects: told(data, ws) gets the messages. */
async function client(library, url) {
    if (library === 'module') {
        const { webSocket } = await import('../lib/index.mjs');
        return async (told) => {
            const ws = webSocket.createWebSocket();
            ws.on('message', (error, data) => told(data, ws));
            await ws.connect(url);
            return ws;
        };
    }
    const { WebSocket } = library === 'ws' ? createRequire(`${process.env.LIBWS_TEST_MODULES}/x.js`)('ws') : await import('../lib/websocket.mjs');
    return (told) => new Promise((done, failed) => {
        const ws = library === 'ws' ? new WebSocket(url, { perMessageDeflate: false }) : new WebSocket(url);
        ws.binaryType = 'arraybuffer';
        ws.onmessage = (event) => told(event.data, ws);
        ws.onopen = () => done(ws);
        ws.onerror = failed;
    });
}

/** Frames without end to whoever has asked for a WebSocket. */
function flood(text) {
    const frame = Buffer.concat([Buffer.from([text ? 0x81 : 0x82, SIZE]), Buffer.alloc(SIZE, 'x')]);
    const many = Buffer.concat(Array.from({ length: 1000 }, () => frame));
    const server = net.createServer((socket) => {
        const more = () => { while (socket.writable && socket.write(many)); };
        socket.on('error', () => {});
        socket.on('drain', more);
        socket.once('data', (head) => {
            const key = /Sec-WebSocket-Key: (.*)\r\n/i.exec(head)[1];
            const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
            socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
            more();
        });
    });
    server.listen(0, '127.0.0.1', () => console.log(`:${server.address().port}`));
}

async function compare(server, seconds, rounds) {
    const found = {};
    for (const load of LOADS) {
        const peer = load.depth ? spawn(server, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
            : spawn(process.execPath, [here, '--flood', load.text ? 'text' : 'binary'], { stdio: ['ignore', 'pipe', 'inherit'] });
        const port = await new Promise((done) => peer.stdout.on('data', (data) => { const found = /:(\d+)/.exec(data); if (found) done(found[1]); }));
        const measured = [];
        for (let round = 0; round < rounds; round++) { // in turns, so that all meet the same machine
            const by = {};
            for (const library of ['ws', 'libws', 'module']) by[library] = await run({ library, url: `ws://127.0.0.1:${port}/`, ...load, seconds });
            const { ws, libws, module } = by;
            measured.push({ ws: ws.cpu, libws: libws.cpu, module: module.cpu, ratio: libws.cpu / ws.cpu, module_ratio: module.cpu / ws.cpu, ws_rate: ws.rate, libws_rate: libws.rate, module_rate: module.rate });
        }
        found[load.name] = measured;
        const median = (key) => measured.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(measured.length / 2)];
        if (!json) console.log(`${load.name}: CPU per message ws ${median('ws').toFixed(2)} us, libws ${median('libws').toFixed(2)} us, ${median('ratio').toFixed(2)}, the module's ${median('module').toFixed(2)} us, ${median('module_ratio').toFixed(2)}; messages per second ${median('ws_rate')}, ${median('libws_rate')}, ${median('module_rate')}`);
        peer.kill();
    }
    if (json) console.log(JSON.stringify(found));
}

function run(options) {
    return new Promise((done, failed) => {
        const child = spawn(process.execPath, [here, '--one', JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        child.stdout.on('data', (data) => { out += data; });
        child.on('close', (code) => (code === 0 ? done(JSON.parse(out)) : failed(new Error(`${options.library}: ${code}`))));
    });
}
