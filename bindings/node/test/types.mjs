// SPDX-License-Identifier: Apache-2.0
// tsc --strict over the documents' examples, which must compile as they stand but for their
// imports' origin, and over misuse, of which each line must not: types.mjs EXAMPLES
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ts = createRequire(`${process.env.LIBWS_TEST_MODULES}/x.js`)('typescript');
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const declarations = path.join(root, 'index.d.ts');

/** What the kits of the SDK declare, as far as the examples use it. */
const KITS = `
declare const console: { log(text: unknown): void };
declare module '@kit.NetworkKit' { export { webSocket } from 'libws'; }
declare module '@ohos.net.webSocket' { export { default } from 'libws'; }
declare module '@kit.BasicServicesKit' { export { BusinessError, Callback, AsyncCallback } from 'libws'; }
declare module '@kit.PerformanceAnalysisKit' { export const hilog: { info(domain: number, tag: string, text: string): void; error(domain: number, tag: string, text: string): void }; }
`;

function compile(files, strict, libraries = []) {
    const options = { strict, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022, moduleResolution: ts.ModuleResolutionKind.Bundler,
        types: [], skipDefaultLibCheck: true, lib: ['lib.es2022.d.ts', ...libraries], paths: { libws: [declarations], 'libws/websocket': [path.join(root, 'websocket.d.ts')] } };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.getSourceFile = (name, ...rest) => (files.has(name) ? ts.createSourceFile(name, files.get(name), ts.ScriptTarget.ES2022) : getSourceFile.call(host, name, ...rest));
    host.fileExists = (name) => files.has(name) || fileExists.call(host, name);
    host.readFile = (name) => files.get(name) ?? readFile.call(host, name);
    const program = ts.createProgram([...files.keys(), declarations], options, host);
    return ts.getPreEmitDiagnostics(program).map((d) => {
        const at = d.file && d.start !== undefined ? d.file.getLineAndCharacterOfPosition(d.start).line : -1;
        return { file: d.file && d.file.fileName, line: at, text: ts.flattenDiagnosticMessageText(d.messageText, ' ') };
    });
}

const documents = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const strict = new Map([[`${root}/kits.d.ts`, KITS]]), loose = new Map(strict);
let count = 0;
for (const { name, examples } of documents) {
    const old = name === '000' || name === '001'; // JavaScript, before the module had types for them
    const programs = name === '002'
        ? [examples.slice(0, examples.lastIndexOf(examples[0])), examples.slice(examples.lastIndexOf(examples[0]))].map((steps) => steps.join('\n'))
        : examples;
    programs.forEach((code, i) => {
        count++;
        // Steps that use await stand in a module; an error that is caught is any, as in ArkTS.
        const import_ = /^import /m.test(code) ? '' : "import { webSocket } from '@kit.NetworkKit';\n";
        (old ? loose : strict).set(`${root}/example_${name}_${i + 1}.ts`, `${import_}${code.replace(/catch \(error\)/g, 'catch (error: any)')}\nexport {};\n`);
    });
}
assert.deepEqual(compile(strict, true), []);
// Without types for their parameters and with value['status'] of Object these are no strict TypeScript anywhere.
assert.deepEqual(compile(loose, false).filter((d) => !/implicitly has an 'any' type|Element implicitly/.test(d.text)), []);

// A program for npm's ws, and behind it lines that must not compile.
const like_ws = compile(new Map([[`${root}/like_ws.ts`, `
import WebSocket, { WebSocketServer, type ServerSocket } from 'libws/websocket';
const wss = new WebSocketServer({ port: 8080, path: '/chat', handleProtocols: (protocols, request) => protocols.has('chat') && !!request.headers.cookie && 'chat' }, () => {});
wss.on('connection', (ws, request) => {
    const from: string = request.socket.remoteAddress + ws.protocol;
    ws.on('message', (data, isBinary) => wss.clients.forEach((client: ServerSocket) => { if (client !== ws && client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary }); }));
    ws.on('close', (code, reason) => wss.close((error) => error?.message + from + code.toFixed() + reason.length));
    ws.send('x', (error) => error?.message);
});
new WebSocketServer({ port: 0, noServer: true });
wss.on('connected', () => {});
wss.on('connection', (ws: number) => {});
wss.clients.forEach((ws) => ws.send({}));
new WebSocketServer({});
`]]), true, ['lib.dom.d.ts']).map((d) => d.line).sort((a, b) => a - b);
assert.deepEqual(like_ws, [9, 10, 11, 12, 13]);

const MISUSE = `
import { webSocket, createWebSocket } from 'libws';
const ws = createWebSocket();
const server = webSocket.createWebSocketServer();
const peer: webSocket.WebSocketConnection = { clientIP: '::1', clientPort: 1 };
ws.connect();
ws.connect(5);
ws.connect('ws://h/', { headers: {} });
ws.connect('ws://h/', { pingInterval: '30' });
ws.connect('ws://h/', { proxy: 'direct' });
ws.connect('ws://h/', { proxy: { host: 'h' } });
ws.connect('ws://h/', { clientCert: { certPath: 'c' } });
ws.connect('ws://h/', {}, 5);
ws.connect('ws://h/', (err: Error, value: string) => {});
ws.send();
ws.send(5);
ws.send({ text: 'x' });
ws.send('x', 'y');
ws.close(1000);
ws.close({ code: '1000' });
ws.close({ status: 1000 });
ws.on('opened', () => {});
ws.on('message');
ws.on('message', (err, value) => { const text: string = value; });
ws.on('close', (err, value) => value.closeReason);
ws.on('dataEnd', (err, value) => {});
ws.off('messages');
ws.readyState = 1;
ws.connect('ws://h/').then((value: string) => {});
server.start();
server.start({});
server.start({ serverPort: '80' });
server.send('x');
server.send('x', { clientIP: '::1' });
server.close({ code: 1000 });
server.on('message', () => {});
server.on('messageReceive', (message) => message.value);
server.publish('x');
server.port = 5;
const list: webSocket.WebSocketConnection[] = server.listAllConnections();
`;
const misuse = new Map([[`${root}/misuse.ts`, MISUSE]]);
const wrong = new Set(compile(misuse, true).map((d) => d.line));
const lines = MISUSE.split('\n');
const must = lines.map((line, i) => [line, i]).filter(([line]) => /^(ws|server)\.|^const list/.test(line));
assert.deepEqual(must.filter(([, i]) => !wrong.has(i)).map(([line]) => line), [], 'this misuse compiles');
assert.deepEqual([...wrong].filter((i) => !must.some(([, at]) => at === i)), []);
console.log(`${count} programs compile, ${must.length} lines of misuse do not`);
