// SPDX-License-Identifier: Apache-2.0
// Memory after so many clients and messages: growth.mjs CLIENTS MESSAGES. Run with --expose-gc.
// The first tenth fills caches and pools; what the rest adds is the verdict.
import assert from 'node:assert/strict';
import { face, native, server, until } from './kit.mjs';

const [clients, messages] = process.argv.slice(2).map(Number);
const MOST_HEAP = 4 << 20; // of growth; one leaked object each would be ten times that
const MOST_RSS = 64 << 20;

async function figures() {
    for (let i = 0; i < 4; i++) { // finalizers run between collections
        globalThis.gc();
        await new Promise((done) => setTimeout(done, 5));
    }
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
    return { heap: heapUsed + external + arrayBuffers, rss };
}
const { server: made, url } = await server();

async function visits(n) {
    for (let i = 0; i < n; i += 20) {
        await Promise.all(Array.from({ length: 20 }, async () => {
            const ws = face.createWebSocket();
            const gone = new Promise((done) => ws.on('close', done));
            await ws.connect(url);
            ws.send('x').catch(() => {});
            await ws.close();
            await gone;
        }));
    }
}
async function talks(n) {
    const ws = face.createWebSocket();
    let got = 0, sent = 0;
    const binary = new Uint8Array(64);
    const next = () => ws.send(sent++ % 2 ? binary : 'a text of some length').catch(() => {});
    ws.on('message', () => { got++; if (sent < n) next(); });
    await ws.connect(url);
    for (let i = 0; i < 64; i++) next();
    await until('the echoes', () => got === n);
    await ws.close();
}
async function grows(what, run, n) {
    await run(Math.ceil(n / 10));
    const before = await figures();
    await run(n - Math.ceil(n / 10));
    const after = await figures();
    const kib = (key) => Math.round((after[key] - before[key]) / 1024);
    console.log(`${n} ${what}: heap ${kib('heap')} KiB, RSS ${kib('rss')} KiB (now ${Math.round(after.rss / 1048576)} MiB)`);
    assert(after.heap - before.heap < MOST_HEAP, `${what}: the heap has grown by ${kib('heap')} KiB`);
    assert(after.rss - before.rss < MOST_RSS, `${what}: RSS has grown by ${kib('rss')} KiB`);
}
await grows('clients made, connected and closed', visits, clients);
await grows('messages, there and back', talks, messages);
await made.stop();
assert.equal(native.libraryStats().connections, 0);
