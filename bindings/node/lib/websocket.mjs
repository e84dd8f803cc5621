// SPDX-License-Identifier: Apache-2.0
import face from './websocket.js';

export const { WebSocket, CloseEvent, WebSocketServer } = face;
export default face.WebSocket;
