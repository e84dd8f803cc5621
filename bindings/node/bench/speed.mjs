// SPDX-License-Identifier: Apache-2.0
// CPU time of a client for each message, beside npm's ws in the same run:
//     speed.mjs ECHO_SERVER [SECONDS]
// ECHO_SERVER is the example of that name; it is another process and not counted. Each library has a
// process of its own, with CONNECTIONS connections that keep DEPTH messages of SIZE bytes each under way.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [first, second] = process.argv.slice(2);
if (first === '--one') await one(JSON.parse(second));
else await compare(first, Number(second || 3));

async function one({ library, url, connections, size, depth, seconds }) {
    const { WebSocket } = library === 'ws' ? createRequire(`${process.env.LIBWS_TEST_MODULES}/x.js`)('ws') : await import('../lib/websocket.mjs');
    const data = Buffer.alloc(size, 'x');
    let got = 0, on = true;
    const clients = await Promise.all(Array.from({ length: connections }, () => new Promise((done, failed) => {
        const ws = library === 'ws' ? new WebSocket(url, { perMessageDeflate: false }) : new WebSocket(url);
        ws.binaryType = 'arraybuffer';
        ws.onmessage = () => { got++; if (on) ws.send(data); };
        ws.onopen = () => done(ws);
        ws.onerror = failed;
    })));
    for (const ws of clients) for (let i = 0; i < depth; i++) ws.send(data);
    await new Promise((done) => setTimeout(done, 500)); // warm
    const before = got, cpu = process.cpuUsage(), start = process.hrtime.bigint();
    await new Promise((done) => setTimeout(done, seconds * 1000));
    const used = process.cpuUsage(cpu), messages = got - before, ns = Number(process.hrtime.bigint() - start);
    console.log(JSON.stringify({ cpu: (used.user + used.system) / messages, rate: Math.round(messages / (ns / 1e9)) }));
    on = false;
    process.exit(0);
}

async function compare(server, seconds) {
    const echo = spawn(server, ['--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = await new Promise((done) => echo.stdout.on('data', (data) => { const found = /:(\d+)/.exec(data); if (found) done(found[1]); }));
    for (const [connections, size, depth] of [[64, 64, 1], [64, 64, 16]]) {
        const figures = { ws: [], libws: [] };
        for (let round = 0; round < 3; round++) { // in turns, so that both meet the same machine
            for (const library of ['ws', 'libws']) figures[library].push(await run({ library, url: `ws://127.0.0.1:${port}/`, connections, size, depth, seconds }));
        }
        const median = (library) => figures[library].sort((a, b) => a.cpu - b.cpu)[1];
        const [theirs, ours] = [median('ws'), median('libws')];
        console.log(`${connections}x${size}x${depth}: CPU per message ws ${theirs.cpu.toFixed(2)} us, libws ${ours.cpu.toFixed(2)} us, ${(ours.cpu / theirs.cpu).toFixed(2)}; messages per second ${theirs.rate}, ${ours.rate}`);
    }
    echo.kill();
}

function run(options) {
    return new Promise((done, failed) => {
        const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--one', JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
        let out = '';
        child.stdout.on('data', (data) => { out += data; });
        child.on('close', (code) => (code === 0 ? done(JSON.parse(out)) : failed(new Error(`${options.library}: ${code}`))));
    });
}
