// SPDX-License-Identifier: Apache-2.0
// npm pack, then an install of it that may download nothing, in an empty directory; the package is
// used by import and by require: package.mjs PACK_SH BUILD NPM [BUILD...]
// With LIBWS_TEST_SOURCE=1 another install builds the addon from its source, by the headers of Node that are there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [pack, build, npm, ...others] = process.argv.slice(2); // others: builds for other libcs and processors
/** Builds the addon of an installed package anew; headers of Node are those of this machine. */
function fromSource(installed, env) {
    const nodedir = ['/usr', path.join(path.dirname(realpathSync(process.execPath)), '..')].find((prefix) => existsSync(path.join(prefix, 'include', 'node', 'config.gypi')));
    assert(nodedir, 'no headers of Node on this machine');
    const home = path.join(installed, '..', '..');
    execFileSync(npm, ['rebuild', 'libws', '--build-from-source', '--offline', '--foreground-scripts', `--nodedir=${nodedir}`], { cwd: home, env, stdio: 'pipe' });
    const maps = execFileSync(process.execPath, ['a.mjs'], { cwd: home, env, encoding: 'utf8' });
    assert(maps.includes('/libws/build/Release/libws.so'), maps);
    console.log('built from source, too');
}

const place = mkdtempSync(path.join(os.tmpdir(), 'libws-package-'));
try {
    const from = (directory) => path.relative(place, directory); // as a reader of the page calls it, by paths from where he is
    execFileSync(pack, ['.', ...[build, ...others].map(from)], { stdio: 'inherit', cwd: place });
    const [tarball] = readdirSync(place).filter((name) => name.endsWith('.tgz'));
    const contents = execFileSync('tar', ['tzf', path.join(place, tarball)], { encoding: 'utf8' }).trim().split('\n').map((name) => name.replace(/^package\//, '')).sort();
    const prebuilt = contents.filter((name) => name.startsWith('prebuilds/'));
    assert.equal(prebuilt.length, 2 + 2 * others.length, prebuilt.join());
    assert(prebuilt.includes(`prebuilds/linux-${process.arch}/libws.napi.glibc.node`), prebuilt.join());
    for (const name of ['index.d.ts', 'options.d.ts', 'websocket.d.ts', 'binding.gyp', 'src/addon.h', 'include/libws/ws.h', 'lib/index.js', 'lib/index.mjs', 'lib/websocket.mjs', 'lib/register.mjs', 'LICENSE', 'THIRD_PARTY.md', 'README.md', 'package.json']) assert(contents.includes(name), name);
    assert(!contents.some((name) => /^(test|bench|build)/.test(name)), contents.join());
    const home = path.join(place, 'home');
    execFileSync('mkdir', [home]);
    writeFileSync(path.join(home, 'package.json'), '{ "private": true }');
    execFileSync(npm, ['install', '--offline', '--no-audit', '--no-fund', path.join(place, tarball)], { cwd: home, stdio: 'pipe' });
    // Only what was installed is found: neither this build nor its path.
    const env = { ...process.env, LIBWS_NODE_ADDON: '', LD_LIBRARY_PATH: '' };
    const use = `const server = webSocket.createWebSocketServer();
        server.on('messageReceive', (m) => server.send(m.data, m.clientConnection));
        await server.start({ serverPort: 0, serverIP: '127.0.0.1' });
        const ws = webSocket.createWebSocket();
        const answer = new Promise((done) => ws.on('message', (err, value) => done(value)));
        await ws.connect('ws://127.0.0.1:' + server.port);
        await ws.send('packed');
        console.log(await answer, (await import('node:fs')).readFileSync('/proc/self/maps', 'utf8').match(/\\S*libws[.]so\\S*/)[0]);
        await ws.close();
        await server.stop();`;
    writeFileSync(path.join(home, 'a.mjs'), `import { webSocket } from 'libws'; import 'libws/websocket';\n${use}`);
    writeFileSync(path.join(home, 'b.cjs'), `const { webSocket } = require('libws'); require('libws/websocket');\n(async () => {${use}})();`);
    writeFileSync(path.join(home, 'c.mjs'), `import { webSocket } from '@kit.NetworkKit';\n${use}`);
    for (const args of [['a.mjs'], ['b.cjs'], ['--import', 'libws/register', 'c.mjs']]) {
        const [word, mapped] = execFileSync(process.execPath, args, { cwd: home, env, encoding: 'utf8' }).trim().split(' ');
        assert.equal(word, 'packed');
        assert(mapped.includes('/home/node_modules/libws/prebuilds/'), mapped);
    }
    if (process.env.LIBWS_TEST_SOURCE) fromSource(path.join(home, 'node_modules', 'libws'), env);
    console.log(`${tarball}: ${contents.length} files, ${(statSync(path.join(place, tarball)).size / 1048576).toFixed(1)} MiB; ${prebuilt.join(', ')}`);
} finally {
    rmSync(place, { recursive: true, force: true });
}
