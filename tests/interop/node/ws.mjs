// SPDX-License-Identifier: Apache-2.0
// npm's ws in both roles: ws.mjs client URL [CA] | server [CERT KEY]. See talk.mjs.
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { WebSocket, WebSocketServer } from "ws";
import { all, client, End, Inbox, run, serve } from "./talk.mjs";

const compresses = process.env.WS_PEER_COMPRESS !== undefined;
const perMessageDeflate = compresses ? { threshold: 0 } : false;

class Session extends Inbox {
  constructor(ws) {
    super();
    this.ws = ws;
    ws.on("message", (data, binary) => this.put(binary ? data : data.toString()));
    ws.on("close", (code, reason) => this.put(new End(code, reason.toString())));
    ws.on("error", () => {}); // close follows
  }
  send(m) { return new Promise((done, failed) => this.ws.send(m, (e) => (e ? failed(e) : done()))); }
  async sendBadText() { this.ws.send(Buffer.from("bad \xff", "latin1"), { binary: false }); }
  async sendParts(parts) {
    const binary = typeof parts[0] !== "string";
    this.ws.send(parts[0], { binary, fin: false });
    const pong = new Promise((done) => this.ws.once("pong", done));
    this.ws.ping("between");
    await pong;
    for (const p of parts.slice(1, -1)) this.ws.send(p, { binary, fin: false });
    this.ws.send(parts.at(-1), { binary, fin: true });
  }
  close(code, reason) {
    if (code) this.ws.close(code, reason);
    else this.ws.close();
    return this.end();
  }
}

function dial(url, ca) {
  return new Promise((done, failed) => {
    const ws = new WebSocket(url, { ca, perMessageDeflate });
    const session = new Session(ws);
    ws.on("open", () => (compresses === (ws.extensions !== "") ? done(session) : failed(new Error(`extensions "${ws.extensions}"`))));
    ws.on("error", failed);
  });
}

function server(cert, key) {
  const listener = cert ? https.createServer({ cert: readFileSync(cert), key: readFileSync(key) }) : http.createServer();
  const wss = new WebSocketServer({ server: listener, perMessageDeflate, maxPayload: 1 << 26 });
  wss.on("connection", (ws) => serve(new Session(ws)));
  listener.listen(0, "127.0.0.1", () => console.log(`listening on ${cert ? "wss" : "ws"}://127.0.0.1:${listener.address().port}`));
  return new Promise((done) => process.stdin.on("end", done).resume());
}

const [role, ...rest] = process.argv.slice(2);
run(() => (role === "client" ? client(dial, all, ...rest) : server(...rest)));
