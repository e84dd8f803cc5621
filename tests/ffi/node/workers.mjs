// SPDX-License-Identifier: Apache-2.0
// Worker threads of Node call the library, each with koffi of its own.
//
//     node workers.mjs LIBRARY
//
// Three of them send on one client of the main thread, and talk by clients and queues of
// their own. A fourth is ended in the middle: what it leaves is the main thread's to end.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Host } from './host.mjs';
import { C, make } from './ws.mjs';

const WORKERS = 3, MESSAGES = 200;

/** The server's part: messages of the main thread's client are answered by nobody. */
function answer(host, e) {
    if (e.type === C.EVENT_MESSAGE_RECEIVE && `${e.data}`.startsWith('own')) {
        host.ok(host.lib.send(e.handle, e.data, e.size, e.message_type, 0, 0));
    }
}

async function connected(host, port, key) {
    const client = host.client();
    host.ok(host.lib.connect(client, `ws://127.0.0.1:${port}/`, null, host.completion, key));
    await host.one({ type: C.EVENT_OPEN, handle: client });
    return client;
}

async function main(path) {
    const host = new Host(path, 'poll', answer);
    const server = host.server();
    host.ok(host.lib.server_start(server, make('ws_server_config', { server_ip: '127.0.0.1' }), 0, 0));
    const port = host.number(host.lib.server_port, server);
    const shared = await connected(host, port, 1);
    const start = (name) => new Worker(new URL(import.meta.url), { workerData: { path, port, shared, name } });

    const workers = Array.from({ length: WORKERS }, (_, name) => start(name));
    const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0]));
    assert.deepEqual(codes, Array(WORKERS).fill(0));
    const received = () => host.seen({ type: C.EVENT_MESSAGE_RECEIVE }).map((e) => `${e.data}`)
        .filter((t) => t.startsWith('shared'));
    await host.until(() => received().length === WORKERS * MESSAGES);
    for (let name = 0; name < WORKERS; name++) { // what one thread sends stays in its order
        assert.deepEqual(received().filter((t) => t.startsWith(`shared ${name} `)),
            Array.from({ length: MESSAGES }, (_, i) => `shared ${name} ${i}`));
    }

    const cut = start('cut');
    const [left] = await once(cut, 'message');
    await cut.terminate();
    assert.equal(host.number(host.lib.state, left), C.STATE_OPEN); // it is the process that has connections
    host.ok(host.lib.destroy(left)); // its events are in the queue of a thread that has ended
    assert.equal(await host.shutdown(), C.OK);
    await host.one({ type: C.EVENT_DESTROYED, handle: server });
    host.leave();
}

async function worker({ path, port, shared, name }) {
    const host = new Host(path, 'poll', () => {});
    const client = await connected(host, port, 1);
    if (name === 'cut') {
        parentPort.postMessage(client);
        return; // the watched descriptor keeps this thread
    }
    for (let i = 0; i < MESSAGES; i++) {
        for (const [handle, text] of [[shared, `shared ${name} ${i}`], [client, `own ${name} ${i}`]]) {
            host.ok(host.lib.send(handle, Buffer.from(text), text.length, C.TEXT, 0, 0));
        }
    }
    const answers = () => host.seen({ type: C.EVENT_MESSAGE });
    await host.until(() => answers().length === MESSAGES);
    assert.deepEqual(answers().map((e) => `${e.data}`), Array.from({ length: MESSAGES }, (_, i) => `own ${name} ${i}`));
    host.ok(host.lib.destroy(client));
    await host.one({ type: C.EVENT_DESTROYED, handle: client });
    host.leave();
}

if (isMainThread) {
    await main(process.argv[2]);
    console.log('ok');
} else {
    await worker(workerData);
}
