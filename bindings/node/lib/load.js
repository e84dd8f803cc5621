// SPDX-License-Identifier: Apache-2.0
// Finds the addon: the one that LIBWS_NODE_ADDON names, one built here, or a prebuilt one.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

/** The layout is that of prebuildify and node-gyp-build. */
function candidates() {
    const root = path.join(__dirname, '..');
    const found = [];
    if (process.env.LIBWS_NODE_ADDON) found.push(process.env.LIBWS_NODE_ADDON);
    found.push(path.join(root, 'build', 'Release', 'libws.node'));
    const prebuilds = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`);
    for (const name of process.platform === 'linux' ? ['libws.glibc.node', 'libws.musl.node'] : ['libws.node']) found.push(path.join(prebuilds, name));
    return found;
}

function load() {
    const looked = candidates();
    const failures = [];
    for (const file of looked) {
        if (!fs.existsSync(file)) continue;
        try {
            return require(path.resolve(file)); // that of another libc cannot be loaded
        } catch (error) {
            failures.push(error.message);
        }
    }
    throw new Error(`libws: no addon for ${process.platform}-${process.arch}; looked for ${looked.join(', ')}. ` +
        `${failures.join('; ')} Build it with CMake and set LIBWS_NODE_ADDON`);
}

module.exports = load();
