// SPDX-License-Identifier: Apache-2.0
// What the tests have in common: waiting with a deadline, collecting what listeners get.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';

const require = createRequire(import.meta.url);

/** Milliseconds for each wait; the machine may be busy, also that which plays Windows (Wine). */
const LOAD = 'Z:/proc/loadavg';
const load = process.platform === 'win32' && existsSync(LOAD) ? Number.parseFloat(readFileSync(LOAD, 'utf8')) : loadavg()[0];
export const DEADLINE = Math.round(60000 * Math.max(1, Math.min(10, load / cpus().length)));

/** Waits until check() is true, which is asked whenever JavaScript comes to it. */
export async function until(what, check) {
    const end = Date.now() + DEADLINE;
    while (!check()) {
        if (Date.now() > end) throw new Error(`${what}: not within ${DEADLINE} ms`);
        await new Promise((done) => setTimeout(done, 2));
    }
}

export function within(what, promise) {
    let timer;
    const late = new Promise((_, failed) => { timer = setTimeout(() => failed(new Error(`${what}: not within ${DEADLINE} ms`)), DEADLINE); });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

export const face = require('../lib/index.js');
export const native = require('../lib/load.js');

/** The value that a promise is rejected with. */
export async function rejected(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error('it was not rejected');
}

/** A server of ours on loopback, which echoes unless listeners are given. */
export async function server(listeners = {}, config = {}) {
    const made = face.createWebSocketServer();
    made.on('messageReceive', listeners.messageReceive || ((m) => { made.send(m.data, m.clientConnection).catch(() => {}); }));
    if (listeners.connect) made.on('connect', (c) => listeners.connect(c, made));
    if (listeners.close) made.on('close', listeners.close);
    if (listeners.error) made.on('error', listeners.error);
    await made.start({ serverPort: 0, serverIP: '127.0.0.1', maxConcurrentClientsNumber: 10, maxConnectionsForOneClient: 1000, ...config });
    return { server: made, url: `ws://127.0.0.1:${made.port}/` };
}
