// SPDX-License-Identifier: Apache-2.0
// From the arguments of the event 'upgrade' of node:http to what libws reads itself: the
// request, byte by byte as it is said, and the descriptor, which the addon duplicates.
'use strict';
const { parameter } = require('./errors');

function adopted(request, socket, head) {
    if (typeof request !== 'object' || request === null || !Array.isArray(request.rawHeaders)) throw parameter('request', 'is not an http.IncomingMessage');
    if (socket && socket.encrypted) throw parameter('socket', 'is one of TLS, whose keys Node has; let libws listen for wss itself');
    const descriptor = socket && socket._handle && socket._handle.fd;
    if (process.platform === 'win32') throw parameter('socket', 'cannot be taken over on Windows, where Node does not tell its descriptor');
    if (!Number.isInteger(descriptor) || descriptor < 0) throw parameter('socket', 'is not a net.Socket that is open');
    if (head !== undefined && head !== null && !ArrayBuffer.isView(head)) throw parameter('head', 'is not a Buffer');
    const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
    for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    const said = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
    return {
        options: { descriptor, data: Buffer.concat([said, head ?? Buffer.alloc(0)]) },
        release: () => socket.destroy(), // closes Node's descriptor; the connection is that of its duplicate
    };
}

module.exports = { adopted };
