// SPDX-License-Identifier: Apache-2.0
// Where events come in. Each goes to the object that has its handle, a completion to the
// function of its ticket; a listener is looked up only then. An object with listeners is
// kept while its handle lives, one without may be collected, and its handle ends with it.
'use strict';
const native = require('./load');
const { EVENT } = require('./members');

const take = Symbol('libws event'); // the method of an object that gets its events
const targets = new Map(); // handle -> {strong, weak}
const tickets = new Map(); // number -> function(failure): true when a promise was settled
let lastTicket = 0;
let open = 0;

/** While something is held the process does not end by itself. */
function hold() {
    if (open++ === 0) native.ref(true);
}
function release() {
    if (--open === 0) native.ref(false);
}

function ticket(done) {
    hold();
    tickets.set(++lastTicket, done);
    return lastTicket;
}
function cancelTicket(number) {
    if (tickets.delete(number)) release();
}

const collected = new FinalizationRegistry((handle) => {
    if (!targets.delete(handle)) return;
    native.destroy(handle);
    native.serverDestroy(handle);
    release();
});

/** target[take](type, handle, a, b, c, d) is called with the events of handle until leave. */
function enter(handle, target, strong) {
    targets.set(handle, { strong: strong ? target : null, weak: new WeakRef(target) });
    collected.register(target, handle, target);
    hold();
}
function anchor(handle, target, strong) {
    const entry = targets.get(handle);
    if (entry) entry.strong = strong ? target : null;
}
function leave(handle, target) {
    if (!targets.delete(handle)) return;
    collected.unregister(target);
    release();
}

const FACTS = 6; // numbers of an event: type, handle, server, index of its first value, ticket, error
let facts; // of the batch that is being dealt with
let left; // values of a batch that promises have interrupted
let next = 0; // its next event

/**
 * A batch of events; says how many were dealt with. Negative: promises go on first, then it is called for the rest,
 * if there is one. Completions in a row settle together: no listener is called between them.
 */
function dispatch(count, ...values) {
    if (left !== undefined) values = left;
    left = undefined;
    let settled = false;
    for (let i = next; i < count; i++) {
        const type = facts[i * FACTS];
        if (one(type, i * FACTS, values)) settled = true;
        if (!settled || (type === EVENT.COMPLETION && i + 1 < count && facts[(i + 1) * FACTS] === EVENT.COMPLETION)) continue;
        next = i + 1 < count ? i + 1 : 0;
        if (next !== 0) left = values;
        return -(i + 1);
    }
    next = 0;
    return count;
}

/** One event. True lets promises go on first. */
function one(type, at, values) {
    const handle = facts[at + 1], server = facts[at + 2], v = facts[at + 3];
    if (type === EVENT.COMPLETION) {
        const ticket = facts[at + 4];
        const done = tickets.get(ticket);
        if (done === undefined) return false;
        tickets.delete(ticket);
        const settled = done(facts[at + 5] === 0 ? undefined : values[v]);
        release();
        return settled === true;
    }
    const entry = targets.get(server === 0 ? handle : server);
    if (entry === undefined) return false;
    const target = entry.strong === null ? entry.weak.deref() : entry.strong;
    if (target === undefined) return false;
    if (type === EVENT.MESSAGE || type === EVENT.MESSAGE_RECEIVE) return target[take](type, handle, values[v]);
    return target[take](type, handle, values[v], values[v + 1], values[v + 2], values[v + 3]);
}

/** Starts what receives events. libuv watches for them, but where there is none. */
const byThread = process.versions.bun !== undefined || process.env.LIBWS_NODE_WATCH === 'thread';
let started = false;
function start() {
    if (started) return;
    const buffer = native.start(dispatch, byThread);
    if (buffer === undefined) throw new Error(`libws: ${native.why()}`);
    facts = new Float64Array(buffer);
    started = true;
}

/** A listener's exception is nobody's: it goes to uncaughtException, the next listener is called. */
function call(listener, a, b) {
    try {
        listener(a, b);
    } catch (thrown) {
        native.raise(thrown);
    }
}

/** The turn of the event loop: it changes when sockets and timers have their turn, and costs nothing while nobody asks. */
let turns = 0, counted = false;
function turn() {
    if (!counted) {
        counted = true;
        setImmediate(() => {
            turns++;
            counted = false;
        });
    }
    return turns;
}

/** Settles by callback or promise. A callback is never called inside the call that it was given to. */
function settler(callback) {
    if (callback) {
        return {
            result: undefined,
            resolve: (value) => call(callback, undefined, value),
            reject: (error) => call(callback, error, undefined),
            soon: (error) => queueMicrotask(() => call(callback, error, undefined)),
        };
    }
    const settles = {};
    settles.result = new Promise((resolve, reject) => {
        settles.resolve = resolve;
        settles.reject = settles.soon = reject;
    });
    return settles;
}

module.exports = { native, take, start, ticket, cancelTicket, enter, anchor, leave, call, settler, turn };
