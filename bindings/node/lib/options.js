// SPDX-License-Identifier: Apache-2.0
// The module's options, and ours under their own names, as members of libws' structs. Those
// that need no more than their type come from the tables in members.js.
'use strict';
const { parameter } = require('./errors');
const { OPTIONS, FLAG, PROXY } = require('./members');

const isObject = (value) => typeof value === 'object' && value !== null;
const isMissing = (value) => value === undefined || value === null;

function object(value, name) {
    if (isMissing(value)) return {};
    if (!isObject(value) || Array.isArray(value)) throw parameter(name, 'is not an object');
    return value;
}

function text(value, name) {
    if (isMissing(value)) return undefined;
    if (typeof value !== 'string') throw parameter(name, 'is not a string');
    if (value.includes('\0')) throw parameter(name, 'has a NUL character inside');
    return value;
}

function whole(value, name, least, most) {
    if (isMissing(value)) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw parameter(name, 'is not a whole number');
    if (value < least || value > most) throw parameter(name, `is ${value}; it may be ${least} to ${most}`);
    return value;
}

function yes(value, name) {
    if (isMissing(value)) return undefined;
    if (typeof value !== 'boolean') throw parameter(name, 'is not a boolean');
    return value;
}

function callable(value, name) {
    if (!isMissing(value) && typeof value !== 'function') throw parameter(name, 'is not a function');
    return value ?? undefined;
}

/** PEM or other bytes; a string is taken as UTF-8. */
function bytes(value, name) {
    if (isMissing(value) || typeof value === 'string' || value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value ?? undefined;
    throw parameter(name, 'is neither a string nor an ArrayBuffer nor a view of one');
}

// ---- the tables -------------------------------------------------------------------------

/** One value of an option; path is its name in texts. Ranges are checked by libws. */
function valueOf(value, path, kind, inner) {
    switch (kind) {
    case 'I32':
        return whole(value, path, -(2 ** 31), 2 ** 31 - 1);
    case 'U32':
        return whole(value, path, 0, 2 ** 32 - 1);
    case 'I64':
        return whole(value, path, -1, Number.MAX_SAFE_INTEGER);
    case 'U64':
        if (typeof value !== 'bigint') return whole(value, path, 0, Number.MAX_SAFE_INTEGER);
        if (value < 0n || value >= 1n << 64n) throw parameter(path, `is ${value}; it may be 0 to 2^64 - 1`);
        return value;
    case 'TEXT':
        return text(value, path);
    case 'BYTES':
        return bytes(value, path);
    case 'boolean':
        return yes(value, path);
    case 'tls': {
        const floor = whole(value, path, 0, 3);
        return floor === undefined ? undefined : floor + 1; // 0 is the default there
    }
    case 'seconds': { // as the module has them: 0 for no heartbeat
        const seconds = whole(value, path, 0, 30000);
        return seconds === undefined ? undefined : seconds === 0 ? -1 : seconds * 1000;
    }
    case 'I32S':
        if (isMissing(value)) return undefined;
        if (!Array.isArray(value)) throw parameter(path, 'is not a list of numbers');
        return value.map((one, i) => whole(one ?? NaN, `${path}[${i}]`, -(2 ** 31), 2 ** 31 - 1));
    case 'STRUCT':
        return isMissing(value) ? undefined : members(inner, object(value, path), path);
    case 'STRUCTS':
        if (isMissing(value)) return undefined;
        if (!Array.isArray(value)) throw parameter(path, 'is not a list');
        return value.map((one, i) => element(inner, object(one, `${path}[${i}]`), `${path}[${i}]`));
    default: // words
        if (isMissing(value)) return undefined;
        if (typeof value !== 'string' || !Object.hasOwn(kind, value)) throw parameter(path, `is none of ${Object.keys(kind).map((word) => `'${word}'`).join(', ')}`);
        return kind[value];
    }
}

/** Members of a struct from options of the same names, flags included. */
function members(struct, options, path = '') {
    const into = {}, at = path ? `${path}.` : '';
    for (const [name, member, kind, inner] of OPTIONS[struct].members) {
        const value = valueOf(options[name], at + name, kind, inner);
        if (value !== undefined) into[member] = value;
    }
    let flags = 0;
    for (const [name, flag] of Object.entries(OPTIONS[struct].flags)) if (yes(options[name], at + name)) flags |= flag;
    if (flags !== 0) into.flags = flags;
    return into;
}

/** Of a list: a listener's descriptor, and a certificate whose key only the host has, have flags of their own. */
function element(struct, options, path) {
    const into = members(struct, options, path);
    if (struct === 'ws_listener') {
        const descriptor = whole(options.descriptor, `${path}.descriptor`, 0, 2 ** 31 - 1);
        if (descriptor !== undefined) Object.assign(into, { descriptor, flags: into.flags | FLAG.LISTEN_DESCRIPTOR });
    } else if (yes(options.sign, `${path}.sign`)) {
        into.flags |= FLAG.SIGN_EVENTS;
    }
    return into;
}

// ---- what several have --------------------------------------------------------------------

/** header: {name: value or list of values}. What belongs into protocol is taken out of it. */
function header(value, name = 'header') {
    const list = [];
    let protocol;
    for (const [field, given] of Object.entries(object(value, name))) {
        if (isMissing(given)) continue;
        for (const one of Array.isArray(given) ? given : [given]) {
            const part = text(typeof one === 'number' || typeof one === 'boolean' ? String(one) : one, `${name}.${field}`);
            if (part === undefined) throw parameter(`${name}.${field}`, 'is not a string');
            if (field.toLowerCase() === 'sec-websocket-protocol') protocol = protocol === undefined ? part : `${protocol}, ${part}`;
            else list.push(field, part);
        }
    }
    return { list: list.length ? list : undefined, protocol };
}

function protocolOf(options, fromHeader) {
    const own = text(options.protocol, 'protocol') || undefined;
    const same = (a, b) => a.split(',').map((p) => p.trim()).join() === b.split(',').map((p) => p.trim()).join();
    if (own !== undefined && fromHeader !== undefined && !same(own, fromHeader))
        throw parameter('protocol', `is '${own}', but header has Sec-WebSocket-Protocol '${fromHeader}'; leave one of them out`);
    return own === undefined ? fromHeader || undefined : own;
}

function proxy(value, into) {
    if (isMissing(value) || value === 'system') return;
    if (value === 'no-proxy') {
        into.proxy = PROXY.NONE;
        return;
    }
    if (!isObject(value) || Array.isArray(value)) throw parameter('proxy', "is neither 'system' nor 'no-proxy' nor an HttpProxy");
    into.proxy_host = text(value.host, 'proxy.host');
    if (!into.proxy_host) throw parameter('proxy.host', 'is missing');
    into.proxy_port = whole(value.port, 'proxy.port', 0, 65535);
    const type = value.type === undefined ? 'http' : value.type;
    if (!['http', 'https', 'socks5'].includes(type)) throw parameter('proxy.type', "is none of 'http', 'https', 'socks5'");
    into.proxy = PROXY[type.toUpperCase()];
    const username = text(value.username, 'proxy.username');
    if (username) { // each of both is for the other one
        into.proxy_username = username;
        into.proxy_password = text(value.password, 'proxy.password') || '';
    }
    const excluded = value.exclusionList;
    if (isMissing(excluded)) return;
    if (!Array.isArray(excluded) || excluded.some((one) => typeof one !== 'string')) throw parameter('proxy.exclusionList', 'is not a list of strings');
    if (excluded.length) into.proxy_exclusion_list = text(excluded.join(','), 'proxy.exclusionList');
}

/** clientCert and serverCert: certificate and key, each from a file or from memory; without a key somebody signs. */
function pair(value, name, prefix, signs, into) {
    if (isMissing(value)) return;
    const given = object(value, name);
    into[`${prefix}cert_path`] = text(given.certPath, `${name}.certPath`) || undefined;
    into[`${prefix}cert`] = bytes(given.cert, `${name}.cert`);
    into[`${prefix}key_path`] = text(given.keyPath, `${name}.keyPath`) || undefined;
    into[`${prefix}key`] = bytes(given.key, `${name}.key`);
    if (!into[`${prefix}cert_path`] && !into[`${prefix}cert`]) throw parameter(`${name}.certPath`, 'is missing');
    if (!into[`${prefix}key_path`] && !into[`${prefix}key`] && !signs) throw parameter(`${name}.keyPath`, 'is missing');
    into[`${prefix}key_password`] = text(given.keyPassword, `${name}.keyPassword`) || undefined;
}

function compression(value) {
    if (isMissing(value) || value === false) return undefined;
    if (value === true) return {};
    const given = object(value, 'compression');
    const into = members('ws_compression', given, 'compression');
    if (yes(given.takeover, 'compression.takeover')) into.flags |= FLAG.TAKEOVER_OUT | FLAG.TAKEOVER_IN;
    return into;
}

function reconnect(value) {
    if (isMissing(value) || value === false) return undefined;
    if (value === true) return {};
    const given = object(value, 'reconnect');
    const into = members('ws_reconnect_options', given, 'reconnect');
    if (callable(given.ask, 'reconnect.ask')) into.flags |= FLAG.ASK_BEFORE_RECONNECT;
    return into;
}

/** Questions of a TLS handshake. */
function questions(options, into) {
    const verify = callable(options.verify, 'verify'), sign = callable(options.sign, 'sign');
    if (verify) into.flags |= FLAG.VERIFY_EVENTS;
    if (sign) into.flags |= FLAG.SIGN_EVENTS;
    return { verify, sign };
}

// ---- what calls take ------------------------------------------------------------------------

/** WebSocketRequestOptions: {create, connect} for native.create and native.connect, and who answers questions. */
function request(value) {
    const options = object(value, 'options');
    const fields = header(options.header);
    const connect = members('ws_connect_options', options);
    Object.assign(connect, {
        headers: fields.list, protocol: protocolOf(options, fields.protocol), ca_path: text(options.caPath, 'caPath') || undefined,
        reconnect: reconnect(options.reconnect), compression: compression(options.compression),
    });
    const asks = questions(options, connect);
    asks.ask = connect.reconnect && options.reconnect.ask;
    pair(options.clientCert, 'clientCert', 'client_', asks.sign, connect);
    proxy(options.proxy, connect);
    const descriptor = whole(options.connectedDescriptor, 'connectedDescriptor', 0, 2 ** 31 - 1);
    if (descriptor !== undefined) Object.assign(connect, { connected_descriptor: descriptor, flags: connect.flags | FLAG.CONNECTED_DESCRIPTOR });
    const create = members('ws_create_options', options);
    create.flags |= FLAG.PING_EVENTS;
    return { create, connect, asks };
}

/** What reconnect.ask says: undefined for nothing. */
function changes(value) {
    const options = object(value, 'changes');
    const into = members('ws_reconnect_changes', options);
    const fields = header(options.header);
    if (!isMissing(options.header)) into.headers = fields.list || [];
    into.protocol = isMissing(options.protocol) && fields.protocol === undefined ? undefined : protocolOf(options, fields.protocol) ?? '';
    pair(options.clientCert, 'clientCert', 'client_', true, into);
    return into;
}

/** WebSocketCloseOptions. Codes that may not be sent are refused by libws, by name. */
function close(value) {
    const options = object(value, 'options');
    whole(options.code, 'code', 1000, 4999);
    return members('ws_close_options', options);
}

/** Options of a send: a key, a priority; undefined for none. */
function send(value) {
    return isMissing(value) ? undefined : members('ws_send_options', object(value, 'options'));
}

/** WebSocketServerConfig: {create, config} for native.serverCreate and native.serverStart, and who answers. */
function server(value) {
    if (!isObject(value) || Array.isArray(value)) throw parameter('config', 'is not an object');
    const config = members('ws_server_config', value);
    config.flags |= FLAG.MODULE_LIMITS;
    if (isMissing(value.serverPort) && !(config.flags & (FLAG.NO_LISTENERS | FLAG.LISTENERS_ONLY))) throw parameter('serverPort', 'is missing');
    config.server_port = whole(value.serverPort, 'serverPort', -(2 ** 31), 2 ** 31 - 1); // its range has an id of its own
    config.server_ip = text(value.serverIP, 'serverIP') || undefined;
    config.compression = compression(value.compression);
    const asks = questions(value, config);
    pair(value.serverCert, 'serverCert', '', asks.sign, config);
    asks.upgrade = callable(value.upgrade, 'upgrade');
    asks.request = callable(value.request, 'request');
    const create = members('ws_server_options', value);
    create.flags |= FLAG.TOPIC_EVENTS | (asks.upgrade ? FLAG.UPGRADE_EVENTS : 0) | (asks.request ? FLAG.REQUEST_EVENTS : 0);
    return { create, config, asks };
}

/** What an upgrade was agreed to with. */
function accept(given) {
    return { ...members('ws_accept_options', given, 'answer'), headers: header(given.header).list };
}

/** The answer to a request, or to an upgrade that is refused. */
function respond(given, otherwise) {
    return { ...members('ws_response', given, 'answer'), status: whole(given.status, 'status', 200, 599) || otherwise, headers: header(given.header).list, body: bytes(given.body, 'body') };
}

function certificates(value) {
    if (!Array.isArray(value)) throw parameter('certificates', 'is not a list');
    return { certificates: valueOf(value, 'certificates', 'STRUCTS', 'ws_certificate') };
}

module.exports = { request, changes, close, send, server, accept, respond, certificates, members, whole, text, bytes };
