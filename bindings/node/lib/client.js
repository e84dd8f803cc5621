// SPDX-License-Identifier: Apache-2.0
// The module's WebSocket. Each connect is a session with a handle of its own, so nothing of an
// earlier one can come after a later connect. A session begins with a connect that was
// accepted, and ends with its close event, or with the error of an attempt that failed.
'use strict';
const hub = require('./hub');
const { Listeners } = require('./listeners');
const errors = require('./errors');
const options = require('./options');
const { EVENT, ERR, STAGE_RECONNECT, TEXT } = require('./members');
const questions = require('./questions');
const { native } = hub;

const EVENTS = ['open', 'openInfo', 'message', 'close', 'error', 'dataEnd', 'headerReceive', 'drain', 'ping', 'pong', 'reconnecting', 'skipped'];
const CONNECTING = 0, OPEN = 1, CLOSING = 2, CLOSED = 3;

/** The arguments behind the first ones: a callback is the last of them, or nothing is. */
function trailing(given, name) {
    const callback = given[given.length - 1];
    if (typeof callback === 'function') return { callback, value: given.length > 1 ? given[0] : undefined };
    if (given.length > 1 && callback !== undefined && callback !== null) throw errors.parameter(name, 'is not a function');
    return { callback: undefined, value: given[0] };
}

/** Runs what checks arguments: a wrong one is thrown to a caller with a callback, else the promise is rejected. */
function checked(callback, check) {
    try {
        return { value: check() };
    } catch (error) {
        if (callback) throw error;
        return { refused: Promise.reject(error) };
    }
}

class WebSocket {
    #listeners = new Listeners(EVENTS);
    #handle = 0;
    #state = CLOSED;
    #failing = null; // its connect has failed: rejects it at the error event, which has all that is known
    #held = null; // events that came while it is paused
    #asks = {}; // what the options say to questions

    connect(url, ...rest) {
        const last = rest[rest.length - 1];
        const checks = checked(typeof last === 'function' ? last : undefined, () => {
            if (typeof url !== 'string') throw errors.parameter('url', 'is not a string');
            const given = trailing(rest, 'callback');
            return { ...given, ...options.request(given.value) };
        });
        if (checks.refused) return checks.refused;
        const { callback, create, connect, asks } = checks.value;
        const settles = hub.settler(callback);
        const failed = (error) => {
            settles.soon(error);
            return settles.result;
        };
        if (this.#handle) return failed(new errors.BusinessError(ERR.CONNECTION_EXISTS, { text: 'it is connecting, open or closing; wait for its close event, or make another one' }));
        hub.start();
        const handle = native.create(create);
        if (!handle) return failed(errors.ofStatus(ERR.PARAMETER));
        const ticket = hub.ticket((failure) => this.#connected(handle, settles, failure));
        const status = native.connect(handle, url, connect, ticket);
        if (status !== 0) {
            const error = errors.ofStatus(status, 'call');
            hub.cancelTicket(ticket);
            native.destroy(handle);
            if (status !== ERR.PARAMETER || !callback) return failed(error);
            throw error;
        }
        this.#handle = handle;
        this.#state = CONNECTING;
        this.#failing = null;
        this.#asks = asks;
        hub.enter(handle, this, this.#listeners.count > 0);
        return settles.result;
    }

    #connected(handle, settles, failure) {
        if (!failure) {
            if (this.#handle === handle && this.#state === CONNECTING) this.#state = OPEN;
            settles.resolve(true);
        } else if (this.#handle === handle) {
            this.#failing = settles.reject;
        } else {
            settles.reject(errors.ofFailure(failure, 'connect'));
        }
        return true;
    }

    /** With a callback, options ({key, priority}, not in the module), or both. */
    send(data, ...given) {
        let callback, rank;
        if (given.length > 0) {
            const last = given[given.length - 1];
            const checks = checked(typeof last === 'function' ? last : undefined, () => {
                if (given.length === 1 && !['function', 'object', 'undefined'].includes(typeof last)) throw errors.parameter('callback', 'is not a function');
                const { callback, value } = trailing(given, 'callback');
                return { callback, rank: options.send(typeof value === 'function' ? undefined : value) };
            });
            if (checks.refused) return checks.refused;
            ({ callback, rank } = checks.value);
        }
        hub.start();
        const settles = hub.settler(callback || undefined);
        const ticket = hub.ticket((failure) => {
            if (failure) settles.reject(errors.ofFailure(failure, 'call'));
            else settles.resolve(true);
            return true;
        });
        const status = native.send(this.#handle, data, ticket, rank);
        if (status === 0) return settles.result;
        hub.cancelTicket(ticket);
        const error = status === ERR.HANDLE || status === ERR.STATE ? this.#notOpen(status) : errors.ofStatus(status, 'call');
        if (status === ERR.PARAMETER && callback) throw error;
        settles.soon(error);
        return settles.result;
    }

    #notOpen(status) {
        const text = this.#handle ? 'the connection is closing' : 'there is no connection: call connect first, and wait for open';
        return new errors.BusinessError(ERR.UNKNOWN, { text, id: native.errorName(status) });
    }

    close(...given) {
        const last = given[given.length - 1];
        const checks = checked(typeof last === 'function' ? last : undefined, () => {
            const { callback, value } = trailing(given, 'callback');
            return { callback, close: options.close(value) };
        });
        if (checks.refused) return checks.refused;
        const { callback, close } = checks.value;
        hub.start();
        const settles = hub.settler(callback);
        const ticket = hub.ticket((failure) => {
            if (failure) settles.reject(errors.ofFailure(failure, 'call'));
            else settles.resolve(true);
            return true;
        });
        const status = native.close(this.#handle, close, ticket);
        if (status === 0) {
            this.#state = CLOSING;
            return settles.result;
        }
        hub.cancelTicket(ticket);
        const error = status === ERR.HANDLE || status === ERR.STATE ? this.#notOpen(status) : errors.ofStatus(status, 'call');
        if (status === ERR.PARAMETER && callback) throw error;
        settles.soon(error);
        return settles.result;
    }

    on(type, callback) {
        this.#listeners.add(type, callback);
        hub.anchor(this.#handle, this, true);
    }

    off(type, callback) {
        this.#listeners.remove(type, callback);
        hub.anchor(this.#handle, this, this.#listeners.count > 0);
    }

    // ---- events

    /** Called by the hub. True lets promises go on before the next event. */
    [hub.take](type, handle, a, b, c, d) {
        if (this.#held && (type === EVENT.MESSAGE || type === EVENT.CLOSE || type === EVENT.ERROR)) {
            this.#held.push([type, handle, a, b, c, d]);
            return false;
        }
        const listeners = this.#listeners;
        switch (type) {
        case EVENT.MESSAGE:
            listeners.tell('message', undefined, a);
            listeners.tell('dataEnd');
            return false;
        case EVENT.HEADER_RECEIVE:
            listeners.tell('headerReceive', errors.fieldsOf(a));
            return false;
        case EVENT.OPEN:
            if (this.#state === CONNECTING) this.#state = OPEN;
            listeners.tell('open', undefined, { status: a, message: b });
            return false;
        case EVENT.OPEN_INFO:
            listeners.tell('openInfo', undefined, c ? { status: a, message: b, protocol: c } : { status: a, message: b });
            return false;
        case EVENT.CLOSE:
            if (d) this.#state = CONNECTING;
            else this.#end();
            listeners.tell('close', undefined, { code: a, reason: b });
            return true;
        case EVENT.ERROR:
            this.#failed(a);
            return true;
        case EVENT.DRAIN:
            listeners.tell('drain');
            return false;
        case EVENT.PING:
            listeners.tell('ping', a);
            return false;
        case EVENT.PONG:
            listeners.tell('pong', { data: a, roundTrip: b < 0 ? undefined : b / 1000 });
            return false;
        case EVENT.RECONNECTING:
            listeners.tell('reconnecting', { attempt: a, delay: b });
            return false;
        case EVENT.SKIPPED:
            listeners.tell('skipped', { size: a, type: b ? 'string' : 'ArrayBuffer' });
            return false;
        case EVENT.VERIFY:
            questions.verify(handle, this.#asks.verify, a, b, c, d);
            return true;
        case EVENT.SIGN:
            questions.sign(handle, this.#asks.sign, a, b, c, d);
            return true;
        case EVENT.BEFORE_RECONNECT:
            this.#ask(handle, a, b, c);
            return true;
        default:
            return false;
        }
    }

    /** reconnect.ask says what is different from this try on. One that throws leaves things as they are. */
    async #ask(handle, attempt, failure, code) {
        const { ask } = this.#asks;
        let given;
        try {
            given = options.changes(await ask({ attempt, code: code || undefined, error: failure.error ? errors.ofFailure(failure, 'connect') : undefined }));
        } catch (thrown) {
            native.raise(thrown);
        }
        const status = native.reconnectWith(handle, given);
        if (status === 0 || status === ERR.STATE || status === ERR.HANDLE) return; // its time was over, or it was closed
        native.raise(errors.ofStatus(status, 'call'));
        native.reconnectWith(handle);
    }

    /** The callback of connect comes first; both find an object that can connect again. */
    #failed(failure) {
        const error = errors.ofFailure(failure, 'connect');
        const reject = this.#failing;
        if (reject || failure.stage === STAGE_RECONNECT || (this.#state !== OPEN && failure.error === ERR.CANCELLED)) this.#end();
        if (reject) reject(error);
        this.#listeners.tell('error', error);
    }

    /** The session is over: the object may connect again, also inside the listener that is told. */
    #end() {
        const handle = this.#handle;
        if (!handle) return;
        this.#handle = 0;
        this.#state = CLOSED;
        this.#failing = null;
        hub.leave(handle, this);
        native.destroy(handle);
    }

    // ---- beyond the module

    get readyState() {
        return this.#state;
    }
    get bufferedAmount() {
        return this.#handle ? native.buffered(this.#handle) : 0;
    }
    get url() {
        return this.text('url');
    }
    get protocol() {
        return this.text('protocol');
    }
    get extensions() {
        return this.text('extensions');
    }
    /** What libws knows of the connection, "" when there is none; the names are those of TEXT. */
    text(which) {
        if (!Object.hasOwn(TEXT, which)) throw errors.parameter('which', `is none of ${Object.keys(TEXT).join(', ')}`);
        return this.#handle ? native.connectionText(this.#handle, TEXT[which]) : '';
    }
    /** A name for it in lines of the log and in events. */
    setCorrelationId(id) {
        hub.start();
        return this.#now(native.setCorrelationId(this.#handle, id));
    }

    /** True when it was done; false: the connection is not one that can. Only wrong arguments throw. */
    #now(status) {
        if (status === ERR.PARAMETER) throw errors.ofStatus(status, 'call');
        return status === 0;
    }

    /** Asks the peer for a sign of life; the answer is the event pong. */
    ping(data) {
        hub.start();
        return this.#now(native.ping(this.#handle, data));
    }
    /** Answers a ping, with manualPong. */
    pong(data) {
        hub.start();
        return this.#now(native.pong(this.#handle, data));
    }
    /** Ends the connection at once, without a closing handshake. */
    abort() {
        hub.start();
        return this.#now(native.abort(this.#handle));
    }
    /** No message, close or error comes until resume; the peer feels it. */
    pause() {
        hub.start();
        const paused = this.#now(native.pause(this.#handle));
        if (paused) this.#held = this.#held || [];
        return paused;
    }
    resume() {
        hub.start();
        const held = this.#held;
        this.#held = null;
        if (held) this.#release(held);
        return this.#handle !== 0 && this.#now(native.resume(this.#handle));
    }
    #release(held) {
        while (held.length && !this.#held) this[hub.take](...held.shift());
        if (held.length) this.#held.unshift(...held); // a listener has paused again
    }
    /** Figures of the connection, undefined when there is none. */
    stats() {
        if (!this.#handle) return undefined;
        return native.connectionStats(this.#handle);
    }
}

module.exports = { WebSocket, checked, trailing, CONNECTING, OPEN, CLOSING, CLOSED };
