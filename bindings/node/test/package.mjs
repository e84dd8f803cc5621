// SPDX-License-Identifier: Apache-2.0
// npm pack, then an install of it that may download nothing, in an empty directory; the package is
// used by import and by require: package.mjs PACK_SH BUILD NPM
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const [pack, build, npm] = process.argv.slice(2);
const place = mkdtempSync(path.join(os.tmpdir(), 'libws-package-'));
try {
    execFileSync(pack, [build, place], { stdio: 'inherit' });
    const [tarball] = readdirSync(place).filter((name) => name.endsWith('.tgz'));
    const contents = execFileSync('tar', ['tzf', path.join(place, tarball)], { encoding: 'utf8' }).trim().split('\n').map((name) => name.replace(/^package\//, '')).sort();
    const prebuilt = contents.filter((name) => name.startsWith('prebuilds/'));
    assert.equal(prebuilt.length, 2, prebuilt.join());
    for (const name of ['index.d.ts', 'websocket.d.ts', 'lib/index.js', 'lib/index.mjs', 'lib/websocket.mjs', 'lib/register.mjs', 'LICENSE', 'THIRD_PARTY.md', 'README.md', 'package.json']) assert(contents.includes(name), name);
    assert(!contents.some((name) => /^(test|src|bench)/.test(name)), contents.join());
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
    console.log(`${tarball}: ${contents.length} files, ${(statSync(path.join(place, tarball)).size / 1048576).toFixed(1)} MiB; ${prebuilt.join(', ')}`);
} finally {
    rmSync(place, { recursive: true, force: true });
}
