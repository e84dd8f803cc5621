// SPDX-License-Identifier: Apache-2.0
// Finds the addon: the one that LIBWS_NODE_ADDON names, one built here, or a prebuilt one.
'use strict';
const fs = require('node:fs');
const path = require('node:path');

function libc() {
    const report = process.report && process.report.getReport();
    return report && report.header.glibcVersionRuntime ? 'glibc' : 'musl';
}

/** The layout is that of prebuildify and node-gyp-build. */
function candidates() {
    const root = path.join(__dirname, '..');
    const found = [];
    if (process.env.LIBWS_NODE_ADDON) found.push(process.env.LIBWS_NODE_ADDON);
    found.push(path.join(root, 'build', 'Release', 'libws.node'));
    const prebuilds = path.join(root, 'prebuilds', `${process.platform}-${process.arch}`);
    if (process.platform === 'linux') found.push(path.join(prebuilds, `libws.${libc()}.node`));
    else found.push(path.join(prebuilds, 'libws.node'));
    return found;
}

function load() {
    const looked = candidates();
    for (const file of looked) if (fs.existsSync(file)) return require(path.resolve(file));
    throw new Error(`libws: no addon for ${process.platform}-${process.arch}; looked for ${looked.join(', ')}. ` +
        'Build it with CMake and set LIBWS_NODE_ADDON, or run npm run build in the package');
}

module.exports = load();
