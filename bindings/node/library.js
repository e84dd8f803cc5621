// SPDX-License-Identifier: Apache-2.0
// For binding.gyp: where libws.so and its headers are. LIBWS_PREFIX names an installation ("cmake --install"), else
// the package's own for this machine is taken, else what pkg-config knows. Nothing is downloaded.
'use strict';
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { LIBC, PREBUILDS } = require('./lib/places.js');

const packaged = path.join(__dirname, 'include');
function libraryIn(directory) {
    if (!fs.existsSync(directory)) return undefined;
    const names = fs.readdirSync(directory).filter((name) => /^libws\.so\.\d+\.\d+$/.test(name)); // as the loader asks for it
    return names.length ? path.join(directory, names[0]) : undefined;
}
function pkgConfig(...args) {
    try {
        return execFileSync('pkg-config', [...args, 'libws'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
        return '';
    }
}

const prefix = process.env.LIBWS_PREFIX;
const looked = prefix ? ['lib', 'lib64'].map((name) => path.join(prefix, name)) : [...LIBC.map((libc) => path.join(PREBUILDS, libc)), pkgConfig('--variable=libdir')];
if (process.argv[2] === 'include') {
    console.log(prefix ? path.join(prefix, 'include') : fs.existsSync(packaged) ? packaged : pkgConfig('--variable=includedir'));
} else {
    const found = looked.map(libraryIn).find((file) => file !== undefined);
    if (!found) throw new Error(`libws.so was looked for in ${looked.filter(Boolean).join(', ')}; build it (README.md of libws) and name its prefix by LIBWS_PREFIX`);
    console.log(found);
}
