// SPDX-License-Identifier: Apache-2.0
// The module's WebSocketServer. Listeners stay over stop and start; each start has a handle
// of its own. A connection is the object that connect has told; one with the same
// address and port means the same.
'use strict';
const hub = require('./hub');
const { Listeners } = require('./listeners');
const errors = require('./errors');
const options = require('./options');
const { EVENT, ERR, TEXT } = require('./members');
const questions = require('./questions');
const { adopted } = require('./adopt');
const { native } = hub;

const EVENTS = ['connect', 'messageReceive', 'close', 'error', 'drain', 'ping', 'pong', 'skipped', 'topicBegin', 'topicEnd'];

class WebSocketServer {
    #listeners = new Listeners(EVENTS);
    #handle = 0;
    #asks = {}; // what the configuration says to questions, upgrades and requests
    #peers = new Map(); // handle -> WebSocketConnection
    #handles = new WeakMap(); // WebSocketConnection -> handle

    async start(config) {
        const { create, config: where, asks } = options.server(config);
        if (this.#handle) throw new errors.BusinessError(ERR.UNKNOWN, { text: 'the server is started already, or still stopping' });
        hub.start();
        const handle = native.serverCreate(create);
        if (!handle) throw errors.ofStatus(ERR.PARAMETER);
        return new Promise((resolve, reject) => {
            const ticket = hub.ticket((failure) => {
                if (failure) {
                    if (this.#handle === handle) this.#end();
                    reject(errors.ofFailure(failure, 'call'));
                } else {
                    resolve(true);
                }
                return true;
            });
            const status = native.serverStart(handle, where, ticket);
            if (status !== 0) {
                const error = errors.ofStatus(status, 'call');
                hub.cancelTicket(ticket);
                native.serverDestroy(handle);
                reject(error);
                return;
            }
            this.#handle = handle;
            this.#asks = asks;
            hub.enter(handle, this, true); // it listens: nobody need have it
        });
    }

    async stop(how) {
        const close = options.close(how);
        hub.start();
        const handle = this.#handle;
        if (!handle) throw new errors.BusinessError(ERR.UNKNOWN, { text: 'the server is not started' });
        return this.#completes((ticket) => native.serverStop(handle, close, ticket), 'call', () => this.#end());
    }

    #end() {
        const handle = this.#handle;
        this.#handle = 0;
        this.#peers.clear();
        hub.leave(handle, this);
        native.serverDestroy(handle);
    }

    #completes(begin, about, then = () => {}) {
        return new Promise((resolve, reject) => {
            const ticket = hub.ticket((failure) => {
                then();
                if (failure) reject(errors.ofFailure(failure, about));
                else resolve(true);
                return true;
            });
            const status = begin(ticket);
            if (status === 0) return;
            const error = errors.ofStatus(status, about);
            hub.cancelTicket(ticket);
            reject(error);
        });
    }

    /** The handle of a connection, 0 for one that is gone. */
    #find(connection) {
        if (typeof connection !== 'object' || connection === null) throw errors.parameter('connection', 'is not a WebSocketConnection');
        const known = this.#handles.get(connection);
        if (known) return this.#peers.has(known) ? known : 0;
        if (typeof connection.clientIP !== 'string') throw errors.parameter('connection.clientIP', 'is not a string');
        if (typeof connection.clientPort !== 'number') throw errors.parameter('connection.clientPort', 'is not a number');
        for (const [handle, peer] of this.#peers)
            if (peer.clientPort === connection.clientPort && peer.clientIP === connection.clientIP) return handle;
        return 0;
    }

    async send(data, connection, how) {
        const rank = options.send(how);
        const handle = this.#find(connection);
        hub.start();
        return this.#completes((ticket) => native.send(handle, data, ticket, rank), 'connection');
    }

    async close(connection, how) {
        const close = options.close(how);
        const handle = this.#find(connection);
        hub.start();
        return this.#completes((ticket) => native.close(handle, close, ticket), 'connection');
    }

    async listAllConnections() {
        return [...this.#peers.values()];
    }

    on(type, callback) {
        this.#listeners.add(type, callback);
    }

    off(type, callback) {
        this.#listeners.remove(type, callback);
    }

    // ---- events

    [hub.take](type, handle, a, b, c, d) {
        switch (type) {
        case EVENT.MESSAGE_RECEIVE: {
            const clientConnection = this.#peers.get(handle);
            if (clientConnection) this.#listeners.tell('messageReceive', { data: a, clientConnection });
            return false;
        }
        case EVENT.CONNECT: {
            const peer = { clientIP: a, clientPort: b };
            Object.defineProperty(peer, 'target', { value: c });
            Object.defineProperty(peer, 'protocol', { value: d });
            this.#peers.set(handle, peer);
            this.#handles.set(peer, handle);
            this.#listeners.tell('connect', peer);
            return true;
        }
        case EVENT.CLOSE: {
            const peer = this.#peers.get(handle);
            this.#peers.delete(handle);
            if (peer) this.#listeners.tell('close', peer, { code: a, reason: b });
            return false;
        }
        case EVENT.ERROR:
            this.#listeners.tell('error', errors.ofFailure(a, 'connect'));
            return false;
        case EVENT.DRAIN:
            this.#listeners.tell('drain', this.#peers.get(handle));
            return false;
        case EVENT.UPGRADE:
            this.#decide(handle, a, b, c, d);
            return false;
        case EVENT.REQUEST:
            this.#respond(handle, a, b, c, d);
            return false;
        case EVENT.VERIFY:
            questions.verify(handle, this.#asks.verify, a, b, c, d);
            return true;
        case EVENT.SIGN:
            questions.sign(handle, this.#asks.sign, a, b, c, d);
            return true;
        case EVENT.PING:
            this.#listeners.tell('ping', a, this.#peers.get(handle));
            return false;
        case EVENT.PONG:
            this.#listeners.tell('pong', { data: a, roundTrip: b < 0 ? undefined : b / 1000 }, this.#peers.get(handle));
            return false;
        case EVENT.SKIPPED:
            this.#listeners.tell('skipped', { size: a, type: b ? 'string' : 'ArrayBuffer' }, this.#peers.get(handle));
            return false;
        case EVENT.TOPIC_BEGIN:
        case EVENT.TOPIC_END:
            this.#listeners.tell(type === EVENT.TOPIC_BEGIN ? 'topicBegin' : 'topicEnd', { topic: a, pattern: b });
            return false;
        default:
            return false;
        }
    }

    /** config.upgrade says true, false, {protocol, header} to accept, or {status, header, body} to refuse. */
    async #decide(handle, method, target, protocol, header) {
        try {
            const answer = await this.#asks.upgrade({ method, target, protocols: protocol ? protocol.split(',').map((p) => p.trim()) : [], header: errors.fieldsOf(header) });
            const given = typeof answer === 'object' && answer !== null ? answer : {};
            if (answer === false || given.status !== undefined) this.#answered(native.respond(handle, options.respond(given, 403)));
            else this.#answered(native.accept(handle, options.accept(given)));
        } catch (thrown) {
            native.respond(handle, { status: 500 });
            native.raise(thrown);
        }
    }

    /** config.request answers what is no upgrade: {status, header, body}; nothing is 404. */
    async #respond(handle, method, target, body, header) {
        try {
            const answer = await this.#asks.request({ method, target, body, header: errors.fieldsOf(header) });
            const given = typeof answer === 'object' && answer !== null ? answer : { status: 404 };
            this.#answered(native.respond(handle, options.respond(given, 200)));
        } catch (thrown) {
            native.respond(handle, { status: 500 });
            native.raise(thrown);
        }
    }

    /** That it has gone, or that its time was over, is nobody's fault. */
    #answered(status) {
        if (status !== 0 && status !== ERR.NO_CONNECTION && status !== ERR.HANDLE) throw errors.ofStatus(status, 'call');
    }

    // ---- beyond the module

    /** The port it listens on; 0: it does not. */
    get port() {
        return this.#handle ? native.serverPort(this.#handle) : 0;
    }

    /** True when it was done; false: there is no such connection. Only wrong arguments throw. */
    #now(status) {
        if (status === ERR.PARAMETER) throw errors.ofStatus(status, 'connection');
        return status === 0;
    }
    #on(connection, call, ...rest) {
        const handle = this.#find(connection);
        hub.start();
        return this.#now(call(handle, ...rest));
    }
    /** A pattern is a topic in which + and # stand for others, see ws_subscribe_pattern. */
    subscribe(connection, topic, { pattern = false } = {}) {
        return this.#on(connection, pattern ? native.subscribePattern : native.subscribe, topic);
    }
    unsubscribe(connection, topic, { pattern = false } = {}) {
        return this.#on(connection, pattern ? native.unsubscribePattern : native.unsubscribe, topic);
    }
    /** How it gets what is published to topic: 'topic', 'pattern', or undefined when it does not. */
    isSubscribed(connection, topic) {
        const handle = this.#find(connection);
        hub.start();
        const how = native.isSubscribed(handle, topic);
        if (how === -ERR.PARAMETER) throw errors.ofStatus(ERR.PARAMETER, 'connection');
        return [undefined, 'topic', 'pattern'][how]; // of one that is gone: not
    }
    /** [{topic, pattern}] of a connection, the newest first. */
    subscriptions(connection) {
        const handle = this.#find(connection);
        hub.start();
        const list = native.subscriptions(handle) || [];
        return Array.from({ length: list.length / 2 }, (_, i) => ({ topic: list[2 * i], pattern: list[2 * i + 1] }));
    }
    /** The connections that get what is published to topic. */
    subscribers(topic) {
        if (typeof topic !== 'string') throw errors.parameter('topic', 'is not a string');
        const handles = this.#handle ? native.subscribers(this.#handle, topic) : [];
        return (handles || []).map((handle) => this.#peers.get(handle)).filter((peer) => peer !== undefined);
    }
    /** To all that have subscribed to topic, but for one; says how many took it. */
    publish(topic, data, except, how) {
        if (typeof topic !== 'string') throw errors.parameter('topic', 'is not a string');
        return this.#publish(topic, data, except, how);
    }
    /** To all. */
    broadcast(data, except, how) {
        return this.#publish(undefined, data, except, how);
    }
    #publish(topic, data, except, how) {
        const rank = options.send(how);
        const handle = except === undefined || except === null ? 0 : this.#find(except);
        hub.start();
        const taken = native.publish(this.#handle, topic, data, handle, rank);
        if (taken === -ERR.PARAMETER || taken === ERR.TOO_LARGE) throw errors.ofStatus(Math.abs(taken) === ERR.PARAMETER ? ERR.PARAMETER : taken, 'call');
        return Math.max(0, taken); // of a server that is not started: nobody
    }
    pause(connection) {
        return this.#on(connection, native.pause);
    }
    resume(connection) {
        return this.#on(connection, native.resume);
    }
    /** Asks the peer for a sign of life; the answer is the event pong, with pingEvents. */
    ping(connection, data) {
        return this.#on(connection, native.ping, data);
    }
    /** Answers a ping, with manualPong. */
    pong(connection, data) {
        return this.#on(connection, native.pong, data);
    }
    abort(connection) {
        return this.#on(connection, native.abort);
    }
    setCorrelationId(connection, id) {
        return this.#on(connection, native.setCorrelationId, id);
    }
    /** No new client is let in; it comes true when none is in its handshake any more. */
    async stopListening() {
        if (!this.#handle) throw new errors.BusinessError(ERR.UNKNOWN, { text: 'the server is not started' });
        return this.#completes((ticket) => native.stopListening(this.#handle, ticket), 'call');
    }
    /** Other certificates from now on, the first one for those who ask for none. */
    async setCertificates(certificates) {
        const given = options.certificates(certificates);
        hub.start();
        const status = native.setCertificates(this.#handle, given);
        if (status !== 0) throw errors.ofStatus(status, 'call');
        return true;
    }
    /** A connection of Node's HTTP server, in its event 'upgrade': what Node has read of it, and the socket, which is gone then. */
    async adopt(request, socket, head) {
        if (!this.#handle) throw new errors.BusinessError(ERR.UNKNOWN, { text: 'the server is not started' });
        const { options: given, release } = adopted(request, socket, head);
        const status = native.adopt(this.#handle, given);
        if (status !== 0) throw errors.ofStatus(status, 'call');
        release();
        return true;
    }
    bufferedAmount(connection) {
        const handle = this.#find(connection);
        return handle ? native.buffered(handle) : 0;
    }
    remoteAddress(connection) {
        return this.text(connection, 'remoteAddress');
    }
    /** What libws knows of a connection, "" when it is gone; the names are those of TEXT. */
    text(connection, which) {
        if (!Object.hasOwn(TEXT, which)) throw errors.parameter('which', `is none of ${Object.keys(TEXT).join(', ')}`);
        const handle = this.#find(connection);
        return handle ? native.connectionText(handle, TEXT[which]) : '';
    }
    /** Figures of a connection, undefined when it is gone. */
    connectionStats(connection) {
        const handle = this.#find(connection);
        return handle ? native.connectionStats(handle) : undefined;
    }
    /** Figures as text for Prometheus. */
    metrics() {
        return this.#handle ? native.metrics(this.#handle) : '';
    }
    stats() {
        return this.#handle ? native.serverStats(this.#handle) : undefined;
    }
}

module.exports = { WebSocketServer };
