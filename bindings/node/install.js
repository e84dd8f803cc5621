// SPDX-License-Identifier: Apache-2.0
// After "npm install": nothing when an addon of the package loads, else, or with --build-from-source, node-gyp builds one.
// For Windows only CMake does, by mingw-w64.
'use strict';
const { spawnSync } = require('node:child_process');

function loads() {
    try {
        require('./lib/load.js');
        return true;
    } catch {
        return false;
    }
}

if (!process.env.npm_config_build_from_source && loads()) {
    process.exitCode = 0;
} else if (process.platform === 'win32') {
    console.error('libws: node-gyp builds no addon for Windows; CMake does, by mingw-w64 (docs/languages/javascript.md of libws)');
    process.exitCode = 1;
} else {
    const gyp = process.env.npm_config_node_gyp; // npm's own
    const [command, args] = gyp ? [process.execPath, [gyp]] : ['node-gyp', []];
    const { status, error } = spawnSync(command, [...args, 'rebuild'], { cwd: __dirname, stdio: 'inherit' });
    if (error) console.error(`libws: node-gyp: ${error.message}`);
    process.exitCode = status ?? 1;
}
