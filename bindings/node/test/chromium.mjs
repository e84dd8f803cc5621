// SPDX-License-Identifier: Apache-2.0
// The guide's server example and a page in Chromium: chromium.mjs EXAMPLES CHROMIUM. Pages of another host
// and port are refused (RFC 6455 10.2), so a server in front has both under one name, as a web server would.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { face, until, within } from './kit.mjs';

const ts = createRequire(`${process.env.LIBWS_TEST_MODULES}/x.js`)('typescript');
const [examplesFile, chromium] = process.argv.slice(2);
const { examples } = JSON.parse(readFileSync(examplesFile, 'utf8')).find((document) => document.name === '002');
const steps = examples.slice(examples.lastIndexOf(examples[0]) + 1).slice(0, 3); // make, listen, start
const lines = [];
const hilog = { info: (domain, tag, text) => lines.push(text), error: (domain, tag, text) => lines.push(`E ${text}`) };
let made;
const webSocket = { ...face.webSocket, createWebSocketServer: () => (made = face.createWebSocketServer()) };
const js = ts.transpileModule(steps.join('\n').replace('serverPort: 8080', "serverPort: 0, serverIP: '127.0.0.1'"), { compilerOptions: { target: 'ES2022', module: 'None' } });
Function('webSocket', 'hilog', js.outputText)(webSocket, hilog);
await until('the server listens', () => made.port > 0);

let report;
const reported = new Promise((done) => { report = done; });
const pages = http.createServer((request, response) => {
    if (request.method === 'POST') {
        let body = '';
        request.on('data', (data) => { body += data; });
        request.on('end', () => { response.end(); report(JSON.parse(body)); });
        return;
    }
    response.setHeader('Content-Type', 'text/html');
    response.end(`<script>
        const seen = [], ws = new WebSocket('ws://' + location.host + '/');
        const tell = () => fetch('/', { method: 'POST', body: JSON.stringify(seen) });
        ws.onmessage = (e) => { seen.push(e.data); ws.send('hello'); ws.send('bye'); };
        ws.onerror = () => seen.push('error');
        ws.onclose = (e) => { seen.push([e.code, e.reason, e.wasClean]); tell(); };
    </script>`);
});
pages.on('upgrade', (request, socket) => {
    const fields = request.rawHeaders.map((part, i) => (i % 2 ? `${part}\r\n` : `${part}: `)).join('');
    const onward = net.connect(made.port, '127.0.0.1', () => onward.write(`GET ${request.url} HTTP/1.1\r\n${fields}\r\n`));
    socket.pipe(onward).pipe(socket);
    for (const one of [socket, onward]) one.on('error', () => {});
});
await new Promise((done) => pages.listen(0, '127.0.0.1', done));
const profile = mkdtempSync(path.join(os.tmpdir(), 'libws-chromium-'));
const browser = spawn(chromium, ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--no-proxy-server', `--user-data-dir=${profile}`, `http://127.0.0.1:${pages.address().port}/`], { stdio: 'ignore', detached: true });
try {
    assert.deepEqual(await within('the page', reported), ["Hello, I'm server!", [1000, 'CLOSE_NORMAL', true]]);
    await until('the end', () => lines.some((line) => line.startsWith('client close,')));
    const said = lines.map((line) => line.replace(/Client port: \d+/, 'Client port: PORT'));
    // That a message was sent, and what the browser answers to it, come by two ways.
    const sent = said.indexOf('message send successfully');
    assert.ok(sent > 1, 'the send is completed behind the connect event');
    said.splice(sent, 1);
    assert.deepEqual(said, [
        'WebSocket server started successfully',
        'New client connected! Client ip: 127.0.0.1, Client port: PORT',
        'on message received, client: [object Object], data: hello',
        'on message received, client: [object Object], data: bye',
        'close client successfully',
        'client close, client: [object Object], closeReason: Code: 1000, reason: CLOSE_NORMAL',
    ]);
    await made.stop();
} finally {
    const gone = new Promise((done) => browser.on('close', done));
    process.kill(-browser.pid, 'SIGKILL'); // the group of its processes, which this test has made
    await gone;
    pages.close();
    pages.closeAllConnections();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
console.log('as the guide says, in Chromium');
