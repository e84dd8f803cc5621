// SPDX-License-Identifier: Apache-2.0
// Where the package has prebuilt addons: PREBUILDS/libws.napi.LIBC.node, and libws.so for it in PREBUILDS/LIBC.
'use strict';
const path = require('node:path');

exports.ROOT = path.join(__dirname, '..');
exports.PREBUILDS = path.join(exports.ROOT, 'prebuilds', `${process.platform}-${process.arch}`);
exports.LIBC = ['glibc', 'musl'];
