// SPDX-License-Identifier: Apache-2.0
// Run with --import lib/register.mjs: the module's own import lines, as they stand, and require.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { webSocket } from '@kit.NetworkKit';
import { BusinessError } from '@kit.BasicServicesKit';
import old from '@ohos.net.webSocket';
import * as face from '../lib/index.mjs';
import { rejected } from './kit.mjs';

const require = createRequire(import.meta.url);
assert.equal(old, webSocket);
assert.equal(face.default, webSocket);
assert.equal(require('@ohos.net.webSocket').webSocket, webSocket);
assert.equal(require('@kit.NetworkKit').webSocket, webSocket);
assert.equal(require('../lib/index.js').default, webSocket);
assert.deepEqual(Object.keys(face).sort(), ['BusinessError', 'TlsProtocol', 'createWebSocket', 'createWebSocketServer', 'default', 'networkChanged', 'webSocket']);
const error = await rejected(webSocket.createWebSocket().close());
assert(error instanceof BusinessError && error.code === 2302999);
assert.equal(webSocket.TlsProtocol.TLS_V_1_3, 3);
