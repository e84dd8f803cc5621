// SPDX-License-Identifier: Apache-2.0
// What calls and events cost in Node, by koffi. It is no test: it passes no verdict.
//
//     node tests/bench/ffi_calls.mjs [BUILD]    BUILD: the build directory; build
//
// Client and server are in this process, so that what the library's thread does on
// another processor is not in the figures, unless there is none.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const build = resolve(process.argv[2] ?? 'build');
const { Host } = await import(pathToFileURL(`${build}/tests/ffi/node/host.mjs`));
const { C, koffi, make, EVENT_SIZE, copy } = await import(pathToFileURL(`${build}/tests/ffi/node/ws.mjs`));

const ROUNDS = 9, CALLS = 20000, BATCH = 256, SIZE = 64;

const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const print = (what, ns) => console.log(`${what.padEnd(58)} ${Math.round(ns).toString().padStart(8)} ns`);

function calls(what, call, after = () => {}) {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
        const start = process.hrtime.bigint();
        for (let i = 0; i < CALLS; i++) call();
        rounds.push(Number(process.hrtime.bigint() - start) / CALLS);
        after();
    }
    print(what, median(rounds));
}

async function pair(way, act) {
    const host = new Host(`${build}/libws.so`, way, act);
    const server = host.server(), client = host.client();
    host.ok(host.lib.server_start(server, make('ws_server_config', { server_ip: '127.0.0.1' }), 0, 0));
    const port = host.number(host.lib.server_port, server);
    host.ok(host.lib.connect(client, `ws://127.0.0.1:${port}/`, null, 0, 0));
    await host.one({ type: C.EVENT_OPEN, handle: client });
    await host.one({ type: C.EVENT_CONNECT });
    return { host, server, client };
}

const data = Buffer.alloc(SIZE, 'x');
const { host, server, client } = await pair('poll', () => {});
const { lib } = host;
const out = [0], room = Buffer.alloc(EVENT_SIZE * BATCH);

const getppid = koffi.load(null).func('int getppid()');
calls('getppid of libc: koffi and a system call', () => getppid());
calls('ws_abi_version: koffi alone', () => lib.abi_version());
calls('ws_state', () => lib.state(client, out));
calls('ws_buffered_amount', () => lib.buffered_amount(client, out));
calls('ws_server_port: enters Go', () => lib.server_port(server, out));

/** Takes all events of the queue; the time in ws_queue_poll alone. */
let events = 0, inside = 0;
function drain(timeout, look) {
    for (;;) {
        room.writeUInt32LE(EVENT_SIZE, 0);
        const start = process.hrtime.bigint();
        host.ok(lib.queue_poll(host.queue, room, BATCH, timeout, out));
        const count = out[0];
        for (let i = 0; i < count; i++) look?.(room, i * EVENT_SIZE);
        if (!count) return;
        inside += Number(process.hrtime.bigint() - start);
        events += count;
    }
}
calls(`ws_send, ${SIZE} bytes: enters Go, sends`, () => {
    while (lib.send(client, data, SIZE, C.BINARY, 0, 0) === C.ERR_FULL) drain(1);
}, () => drain(20));

// Three ways to look at an event. Reading the members that are wanted from the Buffer is the
// cheap one; a payload takes a call of koffi's.
const at = Object.fromEntries(['type', 'handle', 'data', 'size'].map((m) => [m, koffi.offsetof('ws_event', m)]));
let sum = 0;
const members = (b, from) => (sum += b.readInt32LE(from + at.type) + Number(b.readBigUInt64LE(from + at.handle)));
const payload = (b, from) => {
    members(b, from);
    const size = b.readUInt32LE(from + at.size); // the upper half is 0 below 4 GiB
    if (size) sum += koffi.decode(b.readBigUInt64LE(from + at.data), 'uint8_t', size).length;
};
for (const [what, look] of [['', undefined], [', type and handle read', members], [', payload copied, too', payload],
    [', every member decoded', copy]]) {
    events = inside = 0;
    for (let round = 0; round < 3 * ROUNDS; round++) {
        for (let i = 0; i < 4096; i++) host.ok(lib.send(client, data, SIZE, C.BINARY, 0, 0));
        drain(20, look);
    }
    print(`ws_queue_poll by ${BATCH}, per event${what}`, inside / events);
}
host.ok(lib.destroy(client));
host.ok(lib.server_destroy(server));

for (const way of ['dispatch', 'callback']) {
    let got = 0, done = () => {};
    const act = (_, e) => {
        if (e.type === C.EVENT_MESSAGE_RECEIVE && ++got === CALLS) done();
    };
    const { host, server, client } = await pair(way, act);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
        got = 0;
        host.events = [];
        const arrived = new Promise((resolve) => (done = resolve));
        const start = process.hrtime.bigint();
        for (let i = 0; i < CALLS; i++) host.ok(host.lib.send(client, data, SIZE, C.BINARY, 0, 0));
        await arrived;
        rounds.push(Number(process.hrtime.bigint() - start) / CALLS);
    }
    print(`sent, received by ${way}, decoded and copied, each`, median(rounds));
    host.ok(host.lib.destroy(client));
    host.ok(host.lib.server_destroy(server));
    if (way === 'callback') await host.shutdown();
    await host.one({ type: C.EVENT_DESTROYED, handle: server });
    host.leave();
}
process.exit(0); // the first host still watches its queue
