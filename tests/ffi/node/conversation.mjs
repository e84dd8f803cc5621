// SPDX-License-Identifier: Apache-2.0
// A server and its clients in one Node program.
//
//     node conversation.mjs LIBRARY callback|dispatch|poll
//
// Everything a binding needs: messages of every kind, completions, errors, pause, figures,
// close and the end, by the way of receiving that is named (host.mjs).
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import os from 'node:os';
import { Host } from './host.mjs';
import { C, make } from './ws.mjs';

const MESSAGES = [
    [C.TEXT, Buffer.from('Hello')], [C.TEXT, Buffer.from('Grüße, 世界 \u{1f30d}')],
    [C.TEXT, Buffer.from('with a \0 inside')], [C.TEXT, Buffer.alloc(0)], [C.BINARY, Buffer.alloc(0)],
    [C.BINARY, Buffer.alloc(256).map((_, i) => i)], [C.BINARY, Buffer.alloc(1 << 20).map((_, i) => i * 31 >> 3)],
];
const BURST = 300;
const USER_DATA = 7; // no address: libws must not follow it

/** The server's part, inside the callback or while the events of a poll are gone through. */
function echo(host, e) {
    if (e.type === C.EVENT_CONNECT) host.listen(host.lib.on, e.handle, [C.EVENT_DESTROYED]);
    if (e.type === C.EVENT_MESSAGE_RECEIVE) host.ok(host.lib.send(e.handle, e.data, e.size, e.message_type, 0, 0));
}

/** A TCP server that says nothing, and its port. */
async function silent() {
    const sockets = [], server = createServer((socket) => sockets.push(socket.on('error', () => {})));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const end = () => new Promise((done) => {
        sockets.forEach((s) => s.destroy());
        server.close(done);
    });
    return { port: server.address().port, end };
}

/** Nobody listens: the completion and the error tell the reason, and there is no open. */
async function refused(host) {
    const { port, end } = await silent();
    await end();
    const client = host.client();
    host.ok(host.lib.connect(client, `ws://127.0.0.1:${port}/`, null, host.completion, 1));
    const error = await host.one({ type: C.EVENT_ERROR, handle: client });
    const completion = await host.one({ type: C.EVENT_COMPLETION, handle: client });
    for (const e of [completion, error]) {
        assert.deepEqual([e.error, e.stage, e.os_error],
            [C.ERR_CONNECT_FAILED, C.STAGE_CONNECT, os.constants.errno.ECONNREFUSED]);
        assert.match(e.text, new RegExp(`${port}.*refused`));
    }
    assert.deepEqual([completion.operation, completion.user_data], [C.OP_CONNECT, 1]);
    host.ok(host.lib.destroy(client));
    await host.one({ type: C.EVENT_DESTROYED, handle: client });
    assert.deepEqual(host.seen({ handle: client }).map((e) => e.type),
        [C.EVENT_COMPLETION, C.EVENT_ERROR, C.EVENT_DESTROYED]);
}

/** A new client and the connection at its other end. */
async function connect(host, server, key) {
    const port = host.number(host.lib.server_port, server);
    const before = host.seen({ type: C.EVENT_CONNECT }).length;
    const client = host.client(USER_DATA);
    host.ok(host.lib.connect(client, `ws://127.0.0.1:${port}/`, null, host.completion, key));
    await host.one({ type: C.EVENT_OPEN_INFO, handle: client });
    assert.deepEqual(host.seen({ handle: client }).map((e) => [e.type, e.user_data]), [[C.EVENT_COMPLETION, key],
        [C.EVENT_HEADER_RECEIVE, USER_DATA], [C.EVENT_OPEN, USER_DATA], [C.EVENT_OPEN_INFO, USER_DATA]]);
    const [, header, opened] = host.seen({ handle: client });
    assert.deepEqual([opened.status, opened.text], [101, 'Switching Protocols']);
    const fields = header.data.toString().split('\0'); // names and values in turn
    assert.equal(fields[fields.indexOf('Upgrade') + 1].toLowerCase(), 'websocket');
    const arrived = await host.until(() => host.seen({ type: C.EVENT_CONNECT })[before]);
    assert.equal(arrived.server, server);
    assert.equal(host.number(host.lib.state, client), C.STATE_OPEN);
    assert.equal(host.number(host.lib.user_data, client), USER_DATA);
    const here = make('ws_connection'), there = make('ws_connection');
    host.ok(host.lib.connection_info(client, here));
    host.ok(host.lib.connection_info(arrived.handle, there));
    assert.deepEqual([here.client_ip, here.client_port, here.server], ['127.0.0.1', port, 0]);
    assert.deepEqual([there.client_ip, there.handle, there.server], ['127.0.0.1', arrived.handle, server]);
    return [client, arrived.handle];
}

/** Each comes back as it was, and each send completes once, in order. */
async function messages(host, client) {
    MESSAGES.forEach(([type, data], i) =>
        host.ok(host.lib.send(client, data, data.length, type, host.completion, 100 + i)));
    const of = { type: C.EVENT_MESSAGE, handle: client }, done = { operation: C.OP_SEND };
    await host.until(() => host.seen(of).length === MESSAGES.length);
    host.seen(of).forEach((e, i) => {
        assert.equal(e.message_type, MESSAGES[i][0]);
        assert(e.data.equals(MESSAGES[i][1]), `message ${i} differs`);
    });
    await host.until(() => host.seen(done).length === MESSAGES.length);
    assert.deepEqual(host.seen(done).map((e) => [e.user_data, e.error]), MESSAGES.map((_, i) => [100 + i, C.OK]));
    assert.equal(host.number(host.lib.buffered_amount, client), 0);
}

/** A call that fails says why, and does nothing else. */
function refusedArguments(host, client) {
    assert.equal(host.lib.send(client, Buffer.from('x'), 1, 9, host.completion, 1), C.ERR_PARAMETER);
    assert.match(host.lib.last_error(), /type/);
    assert.equal(host.lib.send(client, Buffer.from([0xff]), 1, C.TEXT, 0, 0), C.ERR_PARAMETER); // no UTF-8
    assert.match(host.lib.last_error(), /data/);
    assert.equal(host.lib.strerror(C.ERR_PARAMETER), 'Parameter error.');
}

/** A paused client hears nothing, while others do, and then everything in order. */
async function pause(host, paused, accepted, other) {
    const of = { type: C.EVENT_MESSAGE, handle: paused }, before = host.seen(of).length;
    host.ok(host.lib.pause(paused));
    for (let i = 0; i < BURST; i++) {
        const completion = i === BURST - 1 ? host.completion : 0;
        host.ok(host.lib.send(accepted, Buffer.from(`${i}`), `${i}`.length, C.TEXT, completion, 200));
    }
    await host.one({ type: C.EVENT_COMPLETION, user_data: 200 }); // all of them are on their way
    host.ok(host.lib.send(other, Buffer.from('and you?'), 8, C.TEXT, 0, 0));
    await host.one({ type: C.EVENT_MESSAGE, handle: other });
    assert.equal(host.seen(of).length, before);
    host.ok(host.lib.resume(paused));
    await host.until(() => host.seen(of).length === before + BURST);
    assert.deepEqual(host.seen(of).slice(before).map((e) => `${e.data}`),
        Array.from({ length: BURST }, (_, i) => `${i}`));
}

/** Two clients, and both ends of each connection are in this process. */
function figures(host, server, accepted) {
    const stats = make('ws_stats');
    host.ok(host.lib.stats_get(stats));
    assert.deepEqual([stats.connections, stats.accepted, stats.refused, stats.unheard, stats.loops], [4, 2, 0, 0, 1]);
    assert(stats.memory_used >= 0 && stats.memory_used < stats.memory_budget);
    const room = Buffer.alloc(8 * 8);
    const count = host.number(host.lib.server_connections, server, room, 8);
    assert.deepEqual(Array.from({ length: count }, (_, i) => Number(room.readBigUInt64LE(8 * i))), accepted);
}

/** Code and reason arrive at both ends; then the accepted handle is stale. */
async function close(host, client, accepted) {
    const options = make('ws_close_options', { code: 3001, reason: 'genug für heute' });
    host.ok(host.lib.close(client, options, host.completion, 300));
    for (const handle of [client, accepted]) {
        const e = await host.one({ type: C.EVENT_CLOSE, handle });
        assert.deepEqual([e.code, e.reason, e.clean], [3001, 'genug für heute', 1]);
    }
    const done = await host.one({ handle: client, operation: C.OP_CLOSE });
    assert.deepEqual([done.user_data, done.error], [300, C.OK]);
    assert.equal(host.number(host.lib.state, client), C.STATE_CLOSED);
    await host.one({ type: C.EVENT_DESTROYED, handle: accepted });
    assert.equal(host.lib.send(accepted, Buffer.from('x'), 1, C.TEXT, 0, 0), C.ERR_NO_CONNECTION);
    host.ok(host.lib.destroy(client));
    await host.one({ type: C.EVENT_DESTROYED, handle: client });
    assert.equal(host.seen({ handle: client }).at(-1).type, C.EVENT_DESTROYED);
    assert.equal(host.lib.destroy(client), C.ERR_HANDLE);
}

/** A client that is still there is told 1001; the destroyed event is the last one. */
async function stop(host, server, client) {
    host.ok(host.lib.server_stop(server, null, host.completion, 400));
    assert.equal((await host.one({ type: C.EVENT_CLOSE, handle: client })).code, 1001);
    const done = await host.one({ operation: C.OP_SERVER_STOP });
    assert.deepEqual([done.handle, done.user_data, done.error], [server, 400, C.OK]);
    host.ok(host.lib.destroy(client));
    host.ok(host.lib.server_destroy(server));
    await host.one({ type: C.EVENT_DESTROYED, handle: client });
    await host.one({ type: C.EVENT_DESTROYED, handle: server });
    assert.equal(host.seen({ handle: server }).at(-1).type, C.EVENT_DESTROYED);
}

/** ws_shutdown_wait under way: what is still pending completes while it waits. */
async function end(host, path) {
    const nobody = await silent(), last = new Host(path, host.way, echo);
    const pending = last.client();
    last.ok(last.lib.connect(pending, `ws://127.0.0.1:${nobody.port}/`, null, last.completion, 500));
    assert.equal(await last.shutdown(), C.OK);
    const done = await last.one({ type: C.EVENT_COMPLETION, handle: pending });
    assert.deepEqual([done.user_data, done.error], [500, C.ERR_CANCELLED]);
    await last.one({ type: C.EVENT_DESTROYED, handle: pending });
    assert.equal(last.lib.create(null), 0);
    assert.match(last.lib.last_error(), /shut down/);
    last.leave();
    await nobody.end();
}

const [path, way] = process.argv.slice(2);
const host = new Host(path, way, echo);
assert.equal(host.lib.abi_version(), C.ABI_VERSION);
await refused(host);
const server = host.server();
host.ok(host.lib.server_start(server, make('ws_server_config', { server_ip: '127.0.0.1' }), host.completion, 2));
await host.one({ type: C.EVENT_COMPLETION, operation: C.OP_SERVER_START, handle: server, user_data: 2, error: C.OK });
const [client, accepted] = await connect(host, server, 10);
const [other, acceptedToo] = await connect(host, server, 11);
await messages(host, client);
refusedArguments(host, client);
await pause(host, client, accepted, other);
figures(host, server, [accepted, acceptedToo]);
await close(host, client, accepted);
await stop(host, server, other);
assert.equal(host.seen({ error: C.ERR_CANCELLED }).length, 0);
host.leave();
if (way === 'poll') assert(Math.max(...host.batches) > 1, 'never more than one event with a call');
await end(host, path);
console.log('ok'); // and nothing keeps the process
