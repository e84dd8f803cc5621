// SPDX-License-Identifier: Apache-2.0
// The face of @ohos.net.webSocket, and what libws has beside it.
'use strict';
const hub = require('./hub');
const { WebSocket } = require('./client');
const { WebSocketServer } = require('./server');
const { BusinessError } = require('./errors');

/** Floors of TLS, as the module numbers them. */
const TlsProtocol = Object.freeze({ TLS_V_1_0: 0, TLS_V_1_1: 1, TLS_V_1_2: 2, TLS_V_1_3: 3 });

function createWebSocket() {
    return new WebSocket();
}

function createWebSocketServer() {
    return new WebSocketServer();
}

/** The network has changed: waits end, attempts begin anew, open connections are asked for a sign of life. */
function networkChanged() {
    hub.start();
    hub.native.networkChanged();
}

const webSocket = Object.freeze({ createWebSocket, createWebSocketServer, TlsProtocol, networkChanged });

module.exports = { webSocket, default: webSocket, createWebSocket, createWebSocketServer, networkChanged, TlsProtocol, BusinessError };
