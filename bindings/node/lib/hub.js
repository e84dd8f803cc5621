// SPDX-License-Identifier: Apache-2.0
// Where events come in. Each goes to the object that has its handle, a completion to the
// function of its ticket; a listener is looked up only then. An object with listeners is
// kept while its handle lives, one without may be collected, and its handle ends with it.
'use strict';
const native = require('./load');
const { EVENT } = require('./constants');

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

function dispatch(type, handle, server, a, b, c, d) {
    if (type === EVENT.COMPLETION) {
        const done = tickets.get(b);
        if (done === undefined) return false;
        tickets.delete(b);
        const settled = done(c);
        release();
        return settled === true;
    }
    const entry = targets.get(server || handle);
    if (entry === undefined) return false;
    const target = entry.strong || entry.weak.deref();
    return target !== undefined && target[take](type, handle, a, b, c, d) === true;
}

/** Starts what receives events; only then the addon has a thread. */
let started = false;
function start() {
    if (started) return;
    if (native.start(dispatch) !== 0) throw new Error(`libws: ${native.why()}`);
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

module.exports = { native, take, start, ticket, cancelTicket, enter, anchor, leave, call, settler };
