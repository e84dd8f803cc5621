// SPDX-License-Identifier: Apache-2.0
// A host in Node, and the three ways in which it can hear of events.
//
//   callback  a thread of the library calls, koffi runs it on the thread of JavaScript
//   dispatch  a queue whose descriptor the loop watches; ws_queue_dispatch calls listeners
//   poll      the same descriptor; ws_queue_poll fills a Buffer with many events at once
//
// The descriptor is watched by koffi.node.poll, which is libuv's uv_poll: nothing reads from
// it. (net.Socket cannot have it: an eventfd is neither a pipe nor a socket.)
//
// By callback no call may wait for the library while JavaScript does not run: ws_off_wait
// and ws_shutdown_wait would wait for callbacks that wait for them. They go by .async.
import assert from 'node:assert/strict';
import { cpus, loadavg } from 'node:os';
import { C, EVENT_SIZE, copy, koffi, load, make, register } from './ws.mjs';

const DEADLINE = 60000 * Math.max(1, Math.min(10, loadavg()[0] / cpus().length)); // ms for each wait; the machine may be busy
const BATCH = 16; // events of one poll

const SERVER_EVENTS = [C.EVENT_CONNECT, C.EVENT_MESSAGE_RECEIVE, C.EVENT_CLOSE, C.EVENT_ERROR, C.EVENT_DESTROYED];
const CLIENT_EVENTS = [C.EVENT_HEADER_RECEIVE, C.EVENT_OPEN, C.EVENT_OPEN_INFO, C.EVENT_MESSAGE, C.EVENT_CLOSE,
    C.EVENT_ERROR, C.EVENT_DESTROYED];

/** act(host, event) runs where the event comes; after it the event is in events, seen by until(). */
export class Host {
    events = [];
    batches = []; // how many events each poll gave
    #failure = null;
    #changed = () => {};

    constructor(path, way, act) {
        this.lib = load(path);
        this.way = way;
        this.act = act;
        this.queue = 0;
        this.callback = register((address) => this.#guard(() => this.#tell(copy(address))));
        this.completion = way === 'poll' ? C.COMPLETION_POLL : this.callback;
        if (way === 'callback') return;
        this.queue = this.lib.queue_create(make('ws_queue_options', { max_bytes: 8 << 20 }));
        assert(this.queue, this.lib.last_error());
        const fd = this.number(this.lib.queue_fd, this.queue);
        this.room = Buffer.alloc(EVENT_SIZE * BATCH);
        const take = () => this.#guard(() => way === 'poll' ? this.#poll() : this.#dispatch());
        take(); // makes the queue this thread's, so that ws_shutdown_wait on another one leaves it alone
        this.watch = koffi.node.poll(fd, { readable: true }, take);
    }

    // ---- the three ways

    // An exception inside a callback would be nobody's.
    #guard(call) {
        try {
            call();
        } catch (failure) {
            this.#failure ??= failure;
            this.#changed();
        }
    }

    #tell(event) {
        this.act(this, event);
        this.events.push(event);
        this.#changed();
    }

    #dispatch() {
        this.number(this.lib.queue_dispatch, this.queue, 0, 0);
    }

    #poll() {
        this.room.writeUInt32LE(EVENT_SIZE, 0); // struct_size of the first one
        const count = this.number(this.lib.queue_poll, this.queue, this.room, BATCH, 0);
        if (count) this.batches.push(count);
        for (let i = 0; i < count; i++) this.#tell(copy(this.room, i * EVENT_SIZE));
    }

    // ---- waiting

    /** Waits until condition() is true and gives what it gave. */
    async until(condition) {
        const end = Date.now() + DEADLINE;
        for (;;) {
            if (this.#failure) throw this.#failure;
            const result = condition();
            if (result) return result;
            await new Promise((done, failed) => {
                const late = () => failed(new Error(`not so after ${DEADLINE} ms: ${condition}`));
                const timer = setTimeout(late, end - Date.now());
                this.#changed = () => {
                    clearTimeout(timer);
                    done();
                };
            });
        }
    }

    /** The events that came so far with these members. */
    seen(members) {
        return this.events.filter((e) => Object.entries(members).every(([m, v]) => e[m] === v));
    }

    /** Waits for an event with these members, and checks that it came once. */
    async one(members) {
        const found = await this.until(() => this.seen(members).length && this.seen(members));
        assert.equal(found.length, 1);
        return found[0];
    }

    // ---- calls

    ok(status) {
        assert.equal(status, C.OK, this.lib.last_error());
    }

    /** What a call gives by its last parameter. */
    number(call, ...given) {
        const value = [0];
        this.ok(call(...given, value));
        return value[0];
    }

    listen(on, handle, events) {
        if (this.way !== 'poll') for (const event of events) this.ok(on(handle, event, this.callback, 0));
    }

    client(userData = 0) {
        const handle = this.lib.create(make('ws_create_options', { queue: this.queue, user_data: userData }));
        assert(handle, this.lib.last_error());
        this.listen(this.lib.on, handle, CLIENT_EVENTS);
        return handle;
    }

    server() {
        const handle = this.lib.server_create(make('ws_server_options', { queue: this.queue }));
        assert(handle, this.lib.last_error());
        this.listen(this.lib.server_on, handle, SERVER_EVENTS);
        return handle;
    }

    /** ws_shutdown_wait while JavaScript runs, which a callback needs. */
    shutdown() {
        return new Promise((done, failed) =>
            this.lib.shutdown_wait.async(-1, (error, status) => error ? failed(error) : done(status)));
    }

    /** Ends the queue, whose handles are all gone, and the callback. */
    leave() {
        if (this.queue) {
            this.watch.close();
            this.ok(this.lib.queue_destroy(this.queue));
            assert.equal(this.lib.queue_destroy(this.queue), C.ERR_HANDLE);
        }
        koffi.unregister(this.callback);
        if (this.#failure) throw this.#failure;
    }
}
