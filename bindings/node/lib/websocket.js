// SPDX-License-Identifier: Apache-2.0
// The WebSocket of browsers (WHATWG, https://websockets.spec.whatwg.org) over libws, where
// there is EventTarget. It sends no Origin, follows no redirect, and waits for nobody's cookies.
'use strict';
const hub = require('./hub');
const { EVENT, ERR, FLAG, STAGE_RECONNECT, TEXT } = require('./members');
const { native } = hub;

const CONNECTING = 0, OPEN = 1, CLOSING = 2, CLOSED = 3;
const FRAME = 14; // bytes of a frame's header, at most (RFC 6455 5.2)
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const fail = (name, text) => new DOMException(text, name);

const CloseEvent = globalThis.CloseEvent || class CloseEvent extends Event {
    constructor(type, init = {}) {
        super(type, init);
        const { wasClean = false, code = 0, reason = '' } = init;
        Object.defineProperties(this, { wasClean: { value: wasClean, enumerable: true }, code: { value: code, enumerable: true }, reason: { value: reason, enumerable: true } });
    }
};

function parsed(url) {
    let record;
    try {
        record = new URL(url);
    } catch {
        throw fail('SyntaxError', `The URL '${url}' is invalid.`);
    }
    if (record.protocol === 'http:') record.protocol = 'ws:';
    if (record.protocol === 'https:') record.protocol = 'wss:';
    if (record.protocol !== 'ws:' && record.protocol !== 'wss:') throw fail('SyntaxError', `The URL's scheme must be ws, wss, http or https; '${record.protocol}' is not.`);
    if (record.hash || record.href.endsWith('#')) throw fail('SyntaxError', 'The URL has a fragment.');
    return record.href;
}

function offered(protocols) {
    const list = typeof protocols === 'object' && protocols !== null && protocols[Symbol.iterator] ? [...protocols].map(String) : [String(protocols)];
    for (const one of list) if (!TOKEN.test(one)) throw fail('SyntaxError', `The subprotocol '${one}' is invalid.`);
    if (new Set(list.map((one) => one.toLowerCase())).size !== list.length) throw fail('SyntaxError', 'A subprotocol is there twice.');
    return list.length ? list.join(', ') : undefined;
}

class WebSocket extends EventTarget {
    #url;
    #origin;
    #handle = 0;
    #state = CONNECTING;
    #protocol = '';
    #extensions = '';
    #binaryType = 'blob';
    #late = 0; // bytes of sends after the end, which count and go nowhere
    #failing = false;
    #handlers = new Map(); // onopen and so on
    #listening = new Map(); // how many listeners keep an object that nobody else has

    constructor(url, protocols = []) {
        if (!arguments.length) throw new TypeError('WebSocket needs a URL.');
        super();
        this.#url = parsed(url);
        this.#origin = new URL(this.#url).origin;
        const protocol = offered(protocols);
        hub.start();
        const handle = native.create({ flags: 0 });
        const ticket = hub.ticket((failure) => {
            if (failure) this.#failing = true;
            return true;
        });
        const status = handle ? native.connect(handle, this.#url, { protocol, flags: 0 }, ticket) : ERR.UNKNOWN;
        if (status === 0) {
            this.#handle = handle;
            hub.enter(handle, this, true); // until it is open: then only one that is listened to is kept
            return;
        }
        hub.cancelTicket(ticket);
        if (handle) native.destroy(handle);
        setImmediate(() => this.#ended(1006, '', false, true));
    }

    get url() { return this.#url; }
    get readyState() { return this.#state; }
    get protocol() { return this.#protocol; }
    get extensions() { return this.#extensions; }
    /** Bytes of messages: those of this turn of the event loop count whole, whether or not they have left (HTML's event loop, step 1). */
    get bufferedAmount() {
        const waits = this.#handle ? native.buffered(this.#handle) : 0, now = this.#turn === hub.turn() ? this.#said : 0;
        return (waits <= now + FRAME * this.#sends ? now : waits) + this.#late + this.#later;
    }
    #turn = -1; // of the last send
    #said = 0; // bytes sent in that turn
    #sends = 0; // and how many messages
    #later = 0; // bytes that wait for those of a Blob before them
    #says(size) {
        const turn = hub.turn();
        if (turn !== this.#turn) {
            this.#turn = turn;
            this.#said = this.#sends = 0;
        }
        this.#said += size;
        this.#sends++;
    }
    get binaryType() { return this.#binaryType; }
    set binaryType(type) { if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type; }

    send(data) {
        if (!arguments.length) throw new TypeError('send needs data.');
        if (this.#state === CONNECTING) throw fail('InvalidStateError', 'Still connecting.');
        const isBytes = typeof data === 'object' && data !== null && (ArrayBuffer.isView(data) || data instanceof ArrayBuffer);
        if (!isBytes && typeof data === 'object' && typeof Blob === 'function' && data instanceof Blob) {
            this.#behindBlobs(data, data.size);
            return;
        }
        const given = isBytes ? data : String(data);
        if (this.#state === OPEN && this.#blobs === null) {
            const status = native.send(this.#handle, given, 0);
            if (status === 0) {
                this.#says(isBytes ? data.byteLength : Buffer.byteLength(given));
                return;
            }
            if (status !== ERR.STATE) native.abort(this.#handle); // no room: the browser's answer, too
        } else if (this.#state === OPEN) {
            const copy = isBytes ? (ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) : data.slice(0)) : given;
            this.#behindBlobs(copy, isBytes ? data.byteLength : Buffer.byteLength(given));
            return;
        }
        this.#late += isBytes ? data.byteLength : Buffer.byteLength(given);
    }

    // What was sent behind a Blob waits for its bytes, so that the order stays.
    #blobs = null;
    #behindBlobs(data, size) {
        if (this.#state !== OPEN) {
            this.#late += size;
            return;
        }
        this.#later += size;
        const now = (this.#blobs || Promise.resolve()).then(() => (typeof data === 'string' || !data.arrayBuffer ? data : data.arrayBuffer())).then((bytes) => {
            this.#later -= size;
            if (!this.#handle || native.send(this.#handle, bytes, 0) !== 0) this.#late += size;
        }).finally(() => {
            if (this.#blobs === now) this.#blobs = null;
        });
        this.#blobs = now;
    }

    close(code, reason) {
        if (code !== undefined) {
            code = Math.min(65535, Math.max(0, Math.round(Number(code)) || 0));
            if (code !== 1000 && (code < 3000 || code > 4999)) throw fail('InvalidAccessError', `The code must be 1000 or 3000 to 4999; ${code} is neither.`);
        }
        if (reason !== undefined) {
            reason = String(reason);
            if (Buffer.byteLength(reason) > 123) throw fail('SyntaxError', 'The reason has more than 123 bytes.');
        }
        if (this.#state >= CLOSING) return;
        const connecting = this.#state === CONNECTING;
        this.#state = CLOSING;
        if (!this.#handle) return;
        if (connecting) {
            this.#broken = true; // "fail the connection", although the other side may have agreed already
            native.abort(this.#handle);
        }
        else native.close(this.#handle, code === undefined && !reason ? { flags: FLAG.NO_CODE } : { code, reason: reason ?? '' }, 0);
    }

    // ---- events

    [hub.take](type, handle, a, b, c) {
        switch (type) {
        case EVENT.MESSAGE: {
            if (this.#state !== OPEN) return false;
            const data = typeof a === 'string' || this.#binaryType === 'arraybuffer' ? a : new Blob([a]);
            hub.call(() => this.dispatchEvent(new MessageEvent('message', { data, origin: this.#origin })));
            return false;
        }
        case EVENT.OPEN_INFO:
            if (this.#state !== CONNECTING) return false;
            this.#state = OPEN;
            this.#protocol = c;
            this.#extensions = native.connectionText(handle, TEXT.extensions);
            this.#anchor();
            hub.call(() => this.dispatchEvent(new Event('open')));
            return true;
        case EVENT.ERROR:
            if (this.#failing || a.stage === STAGE_RECONNECT || a.error === ERR.CANCELLED) this.#ended(1006, '', false, true);
            else this.#broken = true;
            return true;
        case EVENT.CLOSE:
            this.#ended(a, b, c, this.#broken);
            return true;
        default:
            return false;
        }
    }
    #broken = false;

    #ended(code, reason, wasClean, broken) {
        const handle = this.#handle;
        this.#handle = 0;
        this.#state = CLOSED;
        if (handle) {
            hub.leave(handle, this);
            native.destroy(handle);
        }
        if (broken) hub.call(() => this.dispatchEvent(new Event('error')));
        hub.call(() => this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean })));
    }

    addEventListener(type, listener, options) {
        super.addEventListener(type, listener, options);
        if (listener) this.#listening.set(type, true);
        this.#anchor();
    }
    #anchor() {
        const kept = this.#state === CONNECTING || this.#listening.size > 0;
        if (this.#handle) hub.anchor(this.#handle, this, kept);
    }

    /** onopen and so on: at the place in the order where the first one was set. */
    _handler(type, value) {
        const before = this.#handlers.get(type);
        const next = typeof value === 'function' || (typeof value === 'object' && value !== null) ? value : null;
        if (before) before.value = next;
        else if (next) {
            const holder = { value: next };
            this.#handlers.set(type, holder);
            this.addEventListener(type, (event) => { if (typeof holder.value === 'function') holder.value.call(this, event); });
        }
    }
    _handlerOf(type) {
        const holder = this.#handlers.get(type);
        return holder ? holder.value : null;
    }
}

for (const [name, value] of Object.entries({ CONNECTING, OPEN, CLOSING, CLOSED })) {
    for (const place of [WebSocket, WebSocket.prototype]) Object.defineProperty(place, name, { value, enumerable: true });
}
for (const type of ['open', 'message', 'error', 'close']) {
    Object.defineProperty(WebSocket.prototype, `on${type}`, {
        get() { return this._handlerOf(type); },
        set(value) { this._handler(type, value); },
        enumerable: true, configurable: true,
    });
}
for (const name of ['url', 'readyState', 'protocol', 'extensions', 'bufferedAmount', 'binaryType', 'send', 'close']) {
    Object.defineProperty(WebSocket.prototype, name, { ...Object.getOwnPropertyDescriptor(WebSocket.prototype, name), enumerable: true });
}
for (const [face, name] of [[WebSocket, 'WebSocket'], [CloseEvent, 'CloseEvent']]) {
    if (!Object.hasOwn(face.prototype, Symbol.toStringTag)) Object.defineProperty(face.prototype, Symbol.toStringTag, { value: name, configurable: true });
}
for (const name of ['_handler', '_handlerOf']) Object.defineProperty(WebSocket.prototype, name, { enumerable: false });

module.exports = { WebSocket, CloseEvent, WebSocketServer: require('./ws_server').WebSocketServer };
