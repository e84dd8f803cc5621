// SPDX-License-Identifier: Apache-2.0
// All functions x nonsense x order, of the face and of the addon below it: fuzz.mjs CALLS [SEED].
// Nothing crashes the VM or blocks it; what is thrown or rejected is an error with a documented id.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { face, native, rejected, server, until } from './kit.mjs';

const { OPTIONS } = createRequire(import.meta.url)('../lib/members.js');
const [calls, seed = '1'] = process.argv.slice(2).map(Number);
let state = Number(seed) || 1;
const random = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 2 ** 32) * n); };
const one = (list) => list[random(list.length)];
const boom = new Error('a getter of the test');

const detached = new ArrayBuffer(4);
const detachedView = new Uint8Array(detached);
structuredClone(detached, { transfer: [detached] });
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const VALUES = [
    () => undefined, () => null, () => 0, () => -1, () => 1, () => NaN, () => Infinity, () => 1e308, () => 2 ** 53, () => 1000, () => 1.5, () => true, () => false, () => 10n,
    () => '', () => 'x', () => 'ws://127.0.0.1:1/', () => echo.url, () => 'x'.repeat(9000), () => '\ud800', () => 'a\0b', () => 'open', () => 'message', () => Symbol('s'),
    () => ({}), () => [], () => [1, 'a', null], () => Object.create(null), () => (() => {}), () => class {}, () => new Date(), () => /x/, () => new Map(),
    () => new ArrayBuffer(0), () => new ArrayBuffer(100), () => new SharedArrayBuffer(8), () => new Uint8Array(new SharedArrayBuffer(8)), () => new Float64Array(3),
    () => new DataView(new ArrayBuffer(9), 1, 3), () => Buffer.from('y'), () => detached, () => detachedView, () => revoked.proxy,
    () => new Proxy({}, { get() { throw boom; } }), () => ({ get header() { throw boom; } }), () => ({ toString() { throw boom; } }),
    () => ({ header: one(VALUES)() }), () => ({ header: { name: one(VALUES)() } }), () => ({ code: one(VALUES)(), reason: one(VALUES)() }), () => ({ proxy: one(VALUES)() }),
    () => ({ proxy: { host: one(VALUES)(), port: one(VALUES)() } }), () => ({ ca: one(VALUES)() }), () => ({ reconnect: { finalCodes: one(VALUES)(), maxTries: 1 } }),
    () => ({ compression: one(VALUES)() }), () => ({ serverPort: one(VALUES)() }), () => ({ clientIP: one(VALUES)(), clientPort: one(VALUES)() }), () => ({ clientCert: one(VALUES)() }),
];
// Options by their names, but those that write files or are about descriptors of this process.
const OPTION_NAMES = Object.values(OPTIONS).flatMap(({ members, flags }) => [...members.map(([name]) => name), ...Object.keys(flags)]).concat('ask', 'verify', 'sign', 'upgrade', 'request', 'takeover', 'serverIP', 'listeners')
    .filter((name) => !/keyLogPath|descriptor|^path$/i.test(name));
VALUES.push(...Array.from({ length: 8 }, () => () => Object.fromEntries(Array.from({ length: 1 + random(3) }, () => [one(OPTION_NAMES), one(VALUES)()]))));
VALUES.push(...['reconnect', 'compression', 'listeners', 'certificates'].map((name) => () => ({ serverPort: 0, [name]: random(2) ? [one(VALUES)()] : one(VALUES)() })));
const echo = await server();
const DOCUMENTED = new Set([200, 201, 401, 2302001, 2302002, 2302003, 2302004, 2302005, 2302006, 2302007, 2302998, 2302999]);
let settled = 0, thrown = 0, pending = 0;

function sound(error, what) {
    if (error === boom || error instanceof TypeError) return; // a getter's own, or what a revoked proxy throws
    assert(error instanceof face.BusinessError, `${what}: ${error && error.stack}`);
    assert(DOCUMENTED.has(error.code), `${what}: ${error.code}`);
}
function call(object, name, args) {
    try {
        const result = object[name](...args);
        if (result instanceof Promise) {
            pending++;
            result.catch((error) => sound(error, name)).finally(() => { pending--; settled++; });
        }
    } catch (error) {
        thrown++;
        sound(error, name);
    }
}

const failures = [];
process.on('unhandledRejection', (error) => failures.push(error));
process.on('uncaughtException', (error) => { if (error !== boom && !/class constructor/i.test(error.message)) failures.push(error); });
/** All methods there are. */
const methods = (object) => Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(object))).filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor').map(([name]) => name);
const CLIENT = methods(face.createWebSocket()), SERVER = methods(face.createWebSocketServer());
const RAW = Object.keys(native).filter((name) => !['start', 'ref', 'raise', 'networkChanged'].includes(name));
let clients = [], servers = [];
/** Ends what a round has made. A paused client tells nothing, so it goes on first. */
function retire() {
    for (const old of clients) {
        try { old.abort(); } catch { /* not connected */ }
        try { old.resume(); } catch { /* likewise */ }
    }
    for (const old of servers) old.stop().catch(() => {});
}
for (let i = 0; i < calls; i++) {
    if (i % 100 === 0) {
        retire();
        clients = [0, 1, 2].map(() => face.createWebSocket());
        servers = [0, 1].map(() => face.createWebSocketServer());
        if (random(2)) clients[0].connect(echo.url).catch(() => {});
        if (random(2)) servers[0].start({ serverPort: 0, serverIP: '127.0.0.1' }).catch(() => {});
        await new Promise((done) => setImmediate(done));
    }
    const args = Array.from({ length: random(5) }, () => one(VALUES)());
    const kind = random(3);
    if (kind === 0) call(one(clients), one(CLIENT), args);
    else if (kind === 1) call(one(servers), one(SERVER), args);
    else { try { native[one(RAW)](...args); } catch (error) { assert(error === boom || error instanceof Error); } }
}
retire();
await until('all promises', () => pending === 0);
process.removeAllListeners('uncaughtException');
assert.deepEqual(failures, []);
// It still works.
const ws = face.createWebSocket();
const got = new Promise((done) => ws.on('message', (err, value) => done(value)));
await ws.connect(echo.url);
await ws.send('after all that');
assert.equal(await got, 'after all that');
await ws.close();
await echo.server.stop();
assert.equal((await rejected(echo.server.stop())).code, 2302999);
assert.equal(native.libraryStats().defects, 0);
console.log(`${calls} calls with seed ${seed}: ${thrown} threw, ${settled} promises settled`);
process.exit(0); // handles that the addon's own functions have made are still there
