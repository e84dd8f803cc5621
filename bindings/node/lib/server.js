// SPDX-License-Identifier: Apache-2.0
// The module's WebSocketServer. Listeners stay over stop and start; each start has a handle
// of its own. A connection is the object that connect has told; one with the same
// address and port means the same.
'use strict';
const hub = require('./hub');
const { Listeners } = require('./listeners');
const errors = require('./errors');
const options = require('./options');
const { EVENT, ERR, TEXT } = require('./constants');
const { native } = hub;

const EVENTS = ['connect', 'messageReceive', 'close', 'error', 'drain'];

class WebSocketServer {
    #listeners = new Listeners(EVENTS);
    #handle = 0;
    #upgrade;
    #peers = new Map(); // handle -> WebSocketConnection
    #handles = new WeakMap(); // WebSocketConnection -> handle

    async start(config) {
        const { create, config: where, upgrade } = options.server(config);
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
            this.#upgrade = upgrade;
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

    async send(data, connection) {
        const handle = this.#find(connection);
        hub.start();
        return this.#completes((ticket) => native.send(handle, data, ticket), 'connection');
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
        default:
            return false;
        }
    }

    /** config.upgrade says true, false, {protocol, header} to accept, or {status, header, body} to refuse. */
    async #decide(handle, method, target, protocol, header) {
        let answer = { status: 500 };
        try {
            answer = await this.#upgrade({ method, target, protocols: protocol ? protocol.split(',').map((p) => p.trim()) : [], header: errors.fieldsOf(header) });
            const refuses = answer === false || (typeof answer === 'object' && answer !== null && answer.status !== undefined);
            const given = typeof answer === 'object' && answer !== null ? answer : {};
            const headers = options.header(given.header).list;
            const status = refuses
                ? native.respond(handle, { status: options.whole(given.status, 'status', 200, 599) || 403, headers, body: given.body })
                : native.accept(handle, { protocol: options.text(given.protocol, 'protocol'), headers });
            // It has gone, or its time was over: nobody's fault.
            if (status !== 0 && status !== ERR.NO_CONNECTION && status !== ERR.HANDLE) throw errors.ofStatus(status, 'call');
        } catch (thrown) {
            native.respond(handle, { status: 500 });
            native.raise(thrown);
        }
    }

    // ---- beyond the module

    /** The port it listens on; 0: it does not. */
    get port() {
        return this.#handle ? native.serverPort(this.#handle) : 0;
    }

    #now(status) {
        if (status !== 0) throw errors.ofStatus(status, 'connection');
    }
    subscribe(connection, topic) {
        const handle = this.#find(connection);
        hub.start();
        this.#now(native.subscribe(handle, topic));
    }
    unsubscribe(connection, topic) {
        const handle = this.#find(connection);
        hub.start();
        this.#now(native.unsubscribe(handle, topic));
    }
    /** To all that have subscribed to topic, but for one; says how many took it. */
    publish(topic, data, except) {
        if (typeof topic !== 'string') throw errors.parameter('topic', 'is not a string');
        return this.#publish(topic, data, except);
    }
    /** To all. */
    broadcast(data, except) {
        return this.#publish(undefined, data, except);
    }
    #publish(topic, data, except) {
        const handle = except === undefined || except === null ? 0 : this.#find(except);
        hub.start();
        const taken = native.publish(this.#handle, topic, data, handle);
        if (taken < 0) throw errors.ofStatus(-taken > 200 ? -taken : taken, 'call');
        return taken;
    }
    pause(connection) {
        this.#now(native.pause(this.#find(connection)));
    }
    resume(connection) {
        this.#now(native.resume(this.#find(connection)));
    }
    bufferedAmount(connection) {
        const handle = this.#find(connection);
        return handle ? native.buffered(handle) : 0;
    }
    remoteAddress(connection) {
        const handle = this.#find(connection);
        return handle ? native.connectionText(handle, TEXT.REMOTE_ADDRESS) : '';
    }
    stats() {
        const figures = this.#handle ? native.serverStats(this.#handle) : undefined;
        return figures && Object.fromEntries(Object.entries(figures).map(([name, value]) => [name.replace(/_(\w)/g, (_, c) => c.toUpperCase()), value]));
    }
}

module.exports = { WebSocketServer };
