// SPDX-License-Identifier: Apache-2.0
// Promises go on before the next event, also where that is in another batch; completions in a row settle together.
// The hub gets its events of this file instead of an addon: which of them are in one batch is chance otherwise.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const require = createRequire(import.meta.url);
const directory = mkdtempSync(path.join(os.tmpdir(), 'libws-'));
const addon = path.join(directory, 'addon.cjs');
writeFileSync(addon, 'exports.ref = () => {}; exports.start = (dispatch) => { exports.dispatch = dispatch; return exports.facts = new ArrayBuffer(64 * 6 * 8); };');
process.env.LIBWS_NODE_ADDON = addon;
const hub = require('../lib/hub.js');
const { EVENT } = require('../lib/members.js');
rmSync(directory, { recursive: true });

const HANDLE = 7, said = [];
hub.enter(HANDLE, { [hub.take]: (type, handle, value) => { said.push(value); return false; } }, true);
hub.start();
const facts = new Float64Array(hub.native.facts);

/** A call whose promise adds name when it goes on; gives the number of its ticket. */
function call(name) {
    const settles = hub.settler();
    settles.result.then(() => said.push(`${name} goes on`));
    return hub.ticket(() => {
        said.push(`${name} settles`);
        settles.resolve();
        return true;
    });
}

/** What the addon does with a batch: numbers are tickets, texts are messages. */
async function batch(...events) {
    const values = [];
    for (const [i, event] of events.entries()) {
        const message = typeof event === 'string';
        facts.set([message ? EVENT.MESSAGE : EVENT.COMPLETION, HANDLE, 0, values.length, message ? 0 : event, 0], i * 6);
        if (message) values.push(event);
    }
    let next = hub.native.dispatch(events.length, ...values);
    while (next < 0) {
        await new Promise((done) => setImmediate(done)); // the end of the callback scope
        if (-next === events.length) return;
        next = hub.native.dispatch(events.length);
    }
    assert.equal(next, events.length);
}

/** What was said since the last time. */
const news = () => said.splice(0);

await batch(call('a'), 'message');
assert.deepEqual(news(), ['a settles', 'a goes on', 'message'], 'a promise goes on before the next event of its batch');

await batch('message', call('b'));
await batch('another');
assert.deepEqual(news(), ['message', 'b settles', 'b goes on', 'another'], 'a promise goes on before the first event of the next batch');

await batch('message', call('c'), call('d'), 'between', call('e'), 'last');
assert.deepEqual(news(), ['message', 'c settles', 'd settles', 'c goes on', 'd goes on', 'between', 'e settles', 'e goes on', 'last'],
    'completions in a row settle together, and no other event comes between them and their promises');

const cancelled = call('nobody');
hub.cancelTicket(cancelled);
await batch(call('f'), cancelled, 'message');
assert.deepEqual(news(), ['f settles', 'f goes on', 'message'], 'a completion that nobody waits for holds up no promise');
console.log('promises go on before the next event');
