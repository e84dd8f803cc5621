// SPDX-License-Identifier: Apache-2.0
// The module's options, and ours under their own names, as members of libws' structs.
'use strict';
const { parameter } = require('./errors');
const { FLAG, PROXY } = require('./constants');

const isObject = (value) => typeof value === 'object' && value !== null;

function object(value, name) {
    if (value === undefined || value === null) return {};
    if (!isObject(value) || Array.isArray(value)) throw parameter(name, 'is not an object');
    return value;
}

function text(value, name) {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw parameter(name, 'is not a string');
    if (value.includes('\0')) throw parameter(name, 'has a NUL character inside');
    return value;
}

function whole(value, name, least, most) {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw parameter(name, 'is not a whole number');
    if (value < least || value > most) throw parameter(name, `is ${value}; it may be ${least} to ${most}`);
    return value;
}

function yes(value, name) {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw parameter(name, 'is not a boolean');
    return value;
}

/** header: {name: value or list of values}. What belongs into protocol is taken out of it. */
function header(value, name = 'header') {
    const list = [];
    let protocol;
    for (const [field, given] of Object.entries(object(value, name))) {
        if (given === undefined || given === null) continue;
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
    if (value === undefined || value === null || value === 'system') return;
    if (value === 'no-proxy') {
        into.proxy = PROXY.NONE;
        return;
    }
    if (!isObject(value)) throw parameter('proxy', "is neither 'system' nor 'no-proxy' nor an HttpProxy");
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
    if (excluded === undefined || excluded === null) return;
    if (!Array.isArray(excluded) || excluded.some((one) => typeof one !== 'string')) throw parameter('proxy.exclusionList', 'is not a list of strings');
    if (excluded.length) into.proxy_exclusion_list = text(excluded.join(','), 'proxy.exclusionList');
}

/** pingInterval and pongTimeout in seconds, as the module has them: 0 for no heartbeat. */
function heartbeat(options, into) {
    const interval = whole(options.pingInterval, 'pingInterval', 0, 30000);
    const timeout = whole(options.pongTimeout, 'pongTimeout', 0, 30000);
    if (interval !== undefined) into.ping_interval_ms = interval === 0 ? -1 : interval * 1000;
    if (timeout !== undefined) into.pong_timeout_ms = timeout === 0 ? -1 : timeout * 1000;
}

function compression(value) {
    if (value === undefined || value === null || value === false) return undefined;
    if (value === true) return {};
    const given = object(value, 'compression');
    return {
        flags: yes(given.takeover, 'compression.takeover') ? FLAG.TAKEOVER : 0,
        level: whole(given.level, 'compression.level', 1, 9),
        min_size: whole(given.minSize, 'compression.minSize', 1, 2 ** 30),
        window_bits_out: whole(given.windowBits, 'compression.windowBits', 8, 15),
        window_bits_in: whole(given.peerWindowBits, 'compression.peerWindowBits', 8, 15),
    };
}

function reconnect(value) {
    if (value === undefined || value === null || value === false) return undefined;
    if (value === true) return {};
    const given = object(value, 'reconnect');
    return {
        flags: yes(given.keepSends, 'reconnect.keepSends') ? FLAG.KEEP_SENDS : 0,
        first_delay_ms: whole(given.firstDelay, 'reconnect.firstDelay', 1, 3600000),
        max_delay_ms: whole(given.maxDelay, 'reconnect.maxDelay', 1, 3600000),
        max_tries: whole(given.maxTries, 'reconnect.maxTries', 0, 2 ** 31 - 1),
        exact: yes(given.exact, 'reconnect.exact'),
        final_codes: given.finalCodes,
    };
}

/** WebSocketRequestOptions: {create, connect} for native.create and native.connect. */
function request(value) {
    const options = object(value, 'options');
    const fields = header(options.header);
    const connect = {
        headers: fields.list,
        protocol: protocolOf(options, fields.protocol),
        ca_path: text(options.caPath, 'caPath') || undefined,
        skip_server_cert_verification: yes(options.skipServerCertVerification, 'skipServerCertVerification'),
        origin: text(options.origin, 'origin'),
        max_redirects: whole(options.maxRedirects, 'maxRedirects', 0, 20),
        handshake_timeout_ms: whole(options.handshakeTimeout, 'handshakeTimeout', 1, 3600000),
        idle_timeout_ms: whole(options.idleTimeout, 'idleTimeout', 1, 30000000),
        ca: options.ca === undefined || options.ca === null ? undefined : options.ca,
        server_name: text(options.serverName, 'serverName'),
        pins: text(options.pins, 'pins'),
        reconnect: reconnect(options.reconnect),
        compression: compression(options.compression),
        flags: yes(options.supportOriginPort, 'supportOriginPort') ? FLAG.SUPPORT_ORIGIN_PORT : 0,
    };
    const floor = whole(options.minSupportTlsProtocol, 'minSupportTlsProtocol', 0, 3);
    if (floor !== undefined) connect.min_support_tls_protocol = floor + 1; // 0 is the default there
    if (options.clientCert !== undefined && options.clientCert !== null) {
        const pair = object(options.clientCert, 'clientCert');
        connect.client_cert_path = text(pair.certPath, 'clientCert.certPath');
        connect.client_key_path = text(pair.keyPath, 'clientCert.keyPath');
        if (!connect.client_cert_path) throw parameter('clientCert.certPath', 'is missing');
        if (!connect.client_key_path) throw parameter('clientCert.keyPath', 'is missing');
        connect.client_key_password = text(pair.keyPassword, 'clientCert.keyPassword') || undefined;
    }
    proxy(options.proxy, connect);
    heartbeat(options, connect);
    return { create: sizes(options, FLAG.PING_EVENTS), connect };
}

function sizes(options, flags) {
    return {
        flags,
        max_message_size: whole(options.maxMessageSize, 'maxMessageSize', 1, 2 ** 46),
        max_send_size: whole(options.maxSendSize, 'maxSendSize', 1, 2 ** 46),
        max_buffered: whole(options.maxBuffered, 'maxBuffered', 1, 2 ** 46),
        high_water_mark: whole(options.highWaterMark, 'highWaterMark', 1, 2 ** 46),
        low_water_mark: whole(options.lowWaterMark, 'lowWaterMark', 1, 2 ** 46),
    };
}

/** WebSocketCloseOptions. Codes that may not be sent are refused by libws, by name. */
function close(value) {
    const options = object(value, 'options');
    const code = whole(options.code, 'code', 1000, 4999);
    return { code, reason: text(options.reason, 'reason'), timeout_ms: whole(options.timeout, 'timeout', 1, 3600000) };
}

/** WebSocketServerConfig: {create, config} for native.serverCreate and native.serverStart. */
function server(value) {
    if (!isObject(value) || Array.isArray(value)) throw parameter('config', 'is not an object');
    if (value.serverPort === undefined || value.serverPort === null) throw parameter('serverPort', 'is missing');
    const upgrade = value.upgrade;
    if (upgrade !== undefined && upgrade !== null && typeof upgrade !== 'function') throw parameter('upgrade', 'is not a function');
    const config = {
        flags: FLAG.MODULE_LIMITS,
        server_port: whole(value.serverPort, 'serverPort', -(2 ** 31), 2 ** 31 - 1), // its range has an id of its own
        server_ip: text(value.serverIP, 'serverIP') || undefined,
        protocol: text(value.protocol, 'protocol') || undefined,
        max_concurrent_clients_number: whole(value.maxConcurrentClientsNumber, 'maxConcurrentClientsNumber', 0, 2 ** 31 - 1),
        max_connections_for_one_client: whole(value.maxConnectionsForOneClient, 'maxConnectionsForOneClient', 0, 2 ** 31 - 1),
        origins: text(value.origins, 'origins'),
        idle_timeout_ms: whole(value.idleTimeout, 'idleTimeout', 1, 30000000),
        handshake_timeout_ms: whole(value.handshakeTimeout, 'handshakeTimeout', 1, 3600000),
        max_connections: whole(value.maxConnections, 'maxConnections', 1, 2 ** 31 - 1),
        compression: compression(value.compression),
    };
    if (value.serverCert !== undefined && value.serverCert !== null) {
        const pair = object(value.serverCert, 'serverCert');
        config.cert_path = text(pair.certPath, 'serverCert.certPath');
        config.key_path = text(pair.keyPath, 'serverCert.keyPath');
        if (!config.cert_path) throw parameter('serverCert.certPath', 'is missing');
        if (!config.key_path) throw parameter('serverCert.keyPath', 'is missing');
        config.key_password = text(pair.keyPassword, 'serverCert.keyPassword') || undefined;
    }
    heartbeat(value, config);
    return { create: sizes(value, upgrade ? FLAG.UPGRADE_EVENTS : 0), config, upgrade };
}

module.exports = { request, close, server, header, whole, text };
