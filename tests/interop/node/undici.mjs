// SPDX-License-Identifier: Apache-2.0
// undici's WebSocket, a client with the API of browsers: undici.mjs client URL [CA].
import { Agent, WebSocket } from "undici";
import { client, End, Inbox, run } from "./talk.mjs";

class Session extends Inbox {
  constructor(ws) {
    super();
    this.ws = ws;
    ws.binaryType = "arraybuffer";
    ws.addEventListener("message", ({ data }) => this.put(typeof data === "string" ? data : Buffer.from(data)));
    ws.addEventListener("close", ({ code, reason }) => this.put(new End(code, reason)));
  }
  async send(m) { this.ws.send(m); }
  close(code, reason) {
    if (code) this.ws.close(code, reason);
    else this.ws.close();
    return this.end();
  }
}

function dial(url, ca) {
  return new Promise((done, failed) => {
    const ws = new WebSocket(url, { dispatcher: new Agent({ connect: { ca } }) });
    const session = new Session(ws);
    const compresses = process.env.WS_PEER_COMPRESS !== undefined;
    ws.addEventListener("open", () =>
      (compresses === (ws.extensions !== "") ? done(session) : failed(new Error(`extensions "${ws.extensions}"`))));
    ws.addEventListener("error", (e) =>
      failed(new Error(`${e.error?.message ?? "the connection failed"}; a certificate may be the reason`)));
  });
}

const can = { parts: false, badText: false, closes: [[1000, ""], [4999, "reason".repeat(21).slice(0, 123)], [0, ""]] };
const [, ...rest] = process.argv.slice(2);
run(() => client(dial, can, ...rest));
