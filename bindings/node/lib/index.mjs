// SPDX-License-Identifier: Apache-2.0
import face from './index.js';

export const { webSocket, createWebSocket, createWebSocketServer, networkChanged, TlsProtocol, BusinessError } = face;
export default face.webSocket;
