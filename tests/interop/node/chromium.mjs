// SPDX-License-Identifier: Apache-2.0
// Chromium's WebSocket, in a page of its own: chromium.mjs client URL [CA]. A certificate
// is checked by its public key, which the browser is told: it knows no authority of ours.
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { browserFlags } from "./browser.mjs";
import { messages, run } from "./talk.mjs";

/** Runs in the page. */
async function inPage({ url, list, compresses }) {
  const open = () => new Promise((done, failed) => {
    const ws = new WebSocket(url);
    ws.binaryType = "arraybuffer";
    const waiting = [], got = [];
    const put = (item) => (waiting.length ? waiting.shift()(item) : got.push(item));
    ws.onmessage = ({ data }) => put(typeof data === "string" ? data : new Uint8Array(data));
    ws.onclose = ({ code, reason, wasClean }) => put({ code, reason, wasClean });
    ws.onerror = () => failed(new Error("the connection failed; a certificate may be the reason"));
    ws.onopen = () => done({ ws, next: () => (got.length ? got.shift() : new Promise((f) => waiting.push(f))) });
  });
  let { ws, next } = await open();
  if ((ws.extensions !== "") !== compresses || ws.protocol !== "") throw new Error(`extensions "${ws.extensions}", protocol "${ws.protocol}"`);
  for (const m of list) {
    const sent = typeof m === "string" ? m : new Uint8Array(m);
    ws.send(sent);
    const got = await next();
    const same = typeof sent === "string" ? got === sent : got.length === sent.length && got.every?.((b, i) => b === sent[i]);
    if (!same) throw new Error(`sent ${sent.length} ${typeof sent}, got ${JSON.stringify(got).slice(0, 80)}`);
  }
  for (let n = 0; n < 100; n++) ws.send(`message ${n}`);
  for (let n = 0; n < 100; n++) if ((await next()) !== `message ${n}`) throw new Error(`message ${n} is another`);
  for (const [code, reason] of [[3001, "interop is over"], [1000, ""], [4999, "r".repeat(123)]]) {
    ws.close(code, reason);
    const end = await next();
    if (end.code !== code || end.reason !== reason || !end.wasClean) throw new Error(`a close with ${code} gave ${JSON.stringify(end)}`);
    ({ ws, next } = await open());
  }
  globalThis.last = next(); // told when the server stops
  ws.send("still here");
  if ((await globalThis.last) !== "still here") throw new Error("no echo");
  globalThis.last = next();
}

async function main(url, authorities) {
  const flags = [...browserFlags];
  const profile = mkdtempSync(join(tmpdir(), "libws-chromium-"));
  if (authorities && !authorities.endsWith("other-ca.pem")) {
    const pem = readFileSync(authorities.replace(/ca\.pem$/, "good-cert.pem"));
    const key = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" });
    flags.push(`--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`);
  }
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.WS_CHROMIUM, headless: true, args: flags });
  try {
    const page = await context.newPage();
    const list = messages().map((m) => (typeof m === "string" ? m : [...m]));
    await page.evaluate(inPage, { url, list, compresses: process.env.WS_PEER_COMPRESS !== undefined });
    console.log("waiting");
    const end = await page.evaluate(() => globalThis.last);
    if (end.code !== 1001 || end.reason !== "server is going away" || !end.wasClean) throw new Error(`the end was ${JSON.stringify(end)}`);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

const [, ...rest] = process.argv.slice(2);
run(() => main(...rest));
