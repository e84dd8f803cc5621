// SPDX-License-Identifier: Apache-2.0
// The server of npm's ws, where it is one thing here: it listens itself. Over the hub, as server.js, with an
// object for each connection, whose events are those of ws.
'use strict';
const { EventEmitter } = require('node:events');
const hub = require('./hub');
const errors = require('./errors');
const options = require('./options');
const { EVENT, ERR, FLAG, TEXT } = require('./members');
const { native } = hub;

const OPEN = 1, CLOSING = 2, CLOSED = 3;
const KNOWN = ['port', 'host', 'path', 'handleProtocols', 'maxPayload', 'perMessageDeflate', 'origins', 'serverCert'];
const ended = Symbol('libws ended');

/** Gives a callback of ws its error, or none; without one nobody is told. */
function completes(callback, begin) {
    const ticket = callback ? hub.ticket((failure) => hub.call(callback, failure && errors.ofFailure(failure, 'call'))) : 0;
    const status = begin(ticket);
    if (status === 0) return;
    const error = errors.ofStatus(status, 'call');
    if (ticket) hub.cancelTicket(ticket);
    if (callback) process.nextTick(callback, error);
    else if (status === ERR.PARAMETER || status === ERR.TOO_LARGE) throw error;
}
const tell = (emitter, ...event) => hub.call(() => emitter.emit(...event));

/** What is there of Node's http.IncomingMessage. */
function asked(method, url, fields) {
    const headers = Object.entries(errors.fieldsOf(fields)).map(([name, value]) => [name, [].concat(value).join(name === 'cookie' ? '; ' : ', ')]);
    return { method, url, headers: Object.fromEntries(headers) };
}

class ServerSocket extends EventEmitter {
    #handle;
    #state = OPEN;
    constructor(handle, protocol) {
        super();
        this.#handle = handle;
        this.protocol = protocol;
    }

    get readyState() { return this.#state; }
    get extensions() { return native.connectionText(this.#handle, TEXT.extensions); }
    get bufferedAmount() { return this.#state === CLOSED ? 0 : native.buffered(this.#handle); }

    /** As text when it is a string or how.binary is false. The callback is called when the system has it. */
    send(data, how, callback = typeof how === 'function' ? how : undefined) {
        const binary = typeof how === 'object' && how !== null ? how.binary : undefined;
        if (typeof data === 'number') data = String(data);
        if (binary === true && typeof data === 'string') data = Buffer.from(data);
        if (binary === false && typeof data !== 'string') data = (ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)).toString();
        completes(callback, (ticket) => native.send(this.#handle, data, ticket));
    }
    close(code, reason) {
        if (this.#state !== OPEN) return;
        const how = code === undefined ? { flags: FLAG.NO_CODE } : options.close({ code, reason: reason === undefined ? '' : String(reason) });
        completes(undefined, (ticket) => native.close(this.#handle, how, ticket));
        this.#state = CLOSING;
    }
    terminate() {
        if (this.#state !== CLOSED) native.abort(this.#handle);
    }
    ping(data = '') { completes(undefined, () => native.ping(this.#handle, data)); }
    pause() { native.pause(this.#handle); }
    resume() { native.resume(this.#handle); }

    [hub.take](type, a, b) {
        switch (type) {
        case EVENT.MESSAGE_RECEIVE:
            return tell(this, 'message', Buffer.from(a), typeof a !== 'string');
        case EVENT.PING:
        case EVENT.PONG:
            return tell(this, type === EVENT.PING ? 'ping' : 'pong', Buffer.from(a));
        case EVENT.ERROR:
            if (this.listenerCount('error')) tell(this, 'error', errors.ofFailure(a, 'connect'));
            return;
        default:
            this.#state = CLOSED;
            tell(this, 'close', a, Buffer.from(b));
        }
    }
}

class WebSocketServer extends EventEmitter {
    clients = new Set();
    #sockets = new Map(); // handle -> ServerSocket
    #handle = 0;
    #stops = false;

    constructor(how, listening) {
        super();
        const other = Object.keys(how).find((name) => !KNOWN.includes(name));
        if (other) throw new TypeError(`WebSocketServer knows ${KNOWN.join(', ')}; not ${other}`);
        this.options = how;
        const { create, config } = options.server({ serverPort: how.port, serverIP: how.host, serverCert: how.serverCert, origins: how.origins ?? '*', maxMessageSize: how.maxPayload,
            pingEvents: true, keepRequest: true, compression: how.perMessageDeflate, upgrade: () => {} });
        config.flags &= ~FLAG.MODULE_LIMITS; // of how many may come
        hub.start();
        this.#handle = native.serverCreate(create);
        if (!this.#handle) throw errors.ofStatus(ERR.PARAMETER);
        hub.enter(this.#handle, this, true);
        if (listening) this.on('listening', listening);
        completes((failure) => {
            if (failure) this[ended]();
            tell(this, ...(failure ? ['error', failure] : ['listening']));
        }, (ticket) => native.serverStart(this.#handle, config, ticket));
    }

    address() {
        return this.#handle ? { address: this.options.host ?? '::', port: native.serverPort(this.#handle) } : null;
    }

    /** Lets nobody in any more. The connections stay; the event close, and the callback, come when they have ended. */
    close(callback) {
        if (callback && !this.#handle) process.nextTick(callback, new Error('The server is not running'));
        else if (callback) this.once('close', callback);
        if (this.#stops || !this.#handle) return;
        this.#stops = true;
        completes(() => this.#stop(), (ticket) => native.stopListening(this.#handle, ticket));
    }
    #stop() {
        if (!this.#stops || this.clients.size || !this.#handle) return;
        const handle = this.#handle;
        completes(() => {
            if (this.#handle !== handle) return;
            this[ended]();
            tell(this, 'close');
        }, (ticket) => native.serverStop(handle, {}, ticket));
    }
    [ended]() {
        hub.leave(this.#handle, this);
        native.serverDestroy(this.#handle);
        this.#handle = 0;
    }

    [hub.take](type, handle, a, b, c, d) {
        const socket = this.#sockets.get(handle);
        if (type === EVENT.UPGRADE) this.#decide(handle, a, b, c, d);
        else if (type === EVENT.CONNECT) {
            const made = new ServerSocket(handle, d), lines = native.connectionText(handle, TEXT.requestHeader).split('\n');
            const fields = lines.slice(0, -1).flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);
            this.#sockets.set(handle, made);
            this.clients.add(made);
            tell(this, 'connection', made, { ...asked('GET', c, fields), socket: { remoteAddress: a, remotePort: b } });
        } else if (socket) {
            if (type === EVENT.CLOSE) {
                this.#sockets.delete(handle);
                this.clients.delete(socket);
            }
            socket[hub.take](type, a, b);
            if (type === EVENT.CLOSE) this.#stop();
        }
        return type === EVENT.CLOSE;
    }
    #decide(handle, method, url, offered, fields) {
        const { path, handleProtocols } = this.options;
        if (this.#stops) return native.respond(handle, { status: 503 }); // it was on its way
        if (path && url.split('?')[0] !== path) return native.respond(handle, { status: 400 });
        const protocols = new Set(offered ? offered.split(',').map((one) => one.trim()) : []);
        let [protocol] = protocols;
        hub.call(() => { if (handleProtocols && protocols.size) protocol = handleProtocols(protocols, asked(method, url, fields)) || undefined; });
        native.accept(handle, options.accept({ protocol })); // it may have gone
    }
}

module.exports = { WebSocketServer, ServerSocket };
