// SPDX-License-Identifier: Apache-2.0
// Where the package has prebuilt addons: PREBUILDS/libws.napi.LIBC.node, and libws.so for it in PREBUILDS/LIBC; for Windows
// PREBUILDS/libws.napi.node, and libws.dll beside it.
'use strict';
const path = require('node:path');

exports.ROOT = path.join(__dirname, '..');
exports.PREBUILDS = path.join(exports.ROOT, 'prebuilds', `${process.platform}-${process.arch}`);
exports.LIBC = process.platform === 'win32' ? [] : ['glibc', 'musl'];
exports.ADDONS = process.platform === 'win32' ? ['libws.napi.node'] : exports.LIBC.map((libc) => `libws.napi.${libc}.node`);
