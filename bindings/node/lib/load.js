// SPDX-License-Identifier: Apache-2.0
// Finds the addon: the one that LIBWS_NODE_ADDON names, one that node-gyp has built here, or a prebuilt
// one, in the layout of prebuildify and node-gyp-build. That of another libc cannot be loaded.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { ADDONS, PREBUILDS, ROOT } = require('./places');

function load() {
    const looked = [path.join(ROOT, 'build', 'Release', 'libws.node'), ...ADDONS.map((name) => path.join(PREBUILDS, name))];
    if (process.env.LIBWS_NODE_ADDON) looked.unshift(process.env.LIBWS_NODE_ADDON);
    const failures = [];
    for (const file of looked) {
        if (!fs.existsSync(file)) continue;
        try {
            return require(path.resolve(file));
        } catch (error) {
            failures.push(error.message);
        }
    }
    throw new Error(`libws: no addon for ${process.platform}-${process.arch} that loads; looked for ${looked.join(', ')}. ` +
        `${failures.join('; ')} Build it: "npm rebuild libws --build-from-source", or with CMake and LIBWS_NODE_ADDON`);
}

module.exports = load();
