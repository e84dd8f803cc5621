// SPDX-License-Identifier: Apache-2.0
// What a peer on Node does; ../compiled/README.md tells it for all peers.
//
// A library gives a session: send(message), sendParts(parts) with a ping behind the first
// part and the last one only after the pong, receive() which throws End, and close(code,
// reason) which returns the End that the other side said. Strings are text, Buffers binary.
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";

const BUSY = Math.max(1, Math.min(10, loadavg()[0] / cpus().length));
export const DEADLINE = 1000 * (process.env.WS_PEER_DEADLINE ?? 60 * BUSY);

export class End extends Error {
  constructor(code, reason = "") {
    super(`${code} ${reason}`.trim());
    this.code = code;
    this.reason = reason;
  }
}

/** Messages and the end, in their order, for whoever waits. */
export class Inbox {
  #waiting = [];
  #got = [];
  put(item) {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#got.push(item);
  }
  async receive() {
    const item = this.#got.length ? this.#got.shift() : await new Promise((f) => this.#waiting.push(f));
    if (item instanceof End) {
      this.put(item); // it stays the end
      throw item;
    }
    return item;
  }
  /** The end, past whatever comes before it. */
  async end() {
    try {
      for (;;) await this.receive();
    } catch (e) {
      if (e instanceof End) return e;
      throw e;
    }
  }
}

export const all = { parts: true, badText: true, closes: [[1000, ""], [4999, "reason".repeat(21).slice(0, 123)], [0, ""]] };

const same = (a, b) => typeof a === typeof b && (typeof a === "string" ? a === b : Buffer.compare(a, b) === 0);

async function expect(session, wanted) {
  const got = await session.receive();
  if (!same(got, wanted)) throw new Error(`sent ${wanted.length} ${typeof wanted}, got ${got.length} ${typeof got}`);
}

export function messages() {
  const list = ["Hello", "Grüße, 世界 \u{1f30d}", Buffer.from([0, 1, 2, 255, 254]), "", Buffer.alloc(0)];
  for (const size of [125, 126, 65535, 65536, 1 << 20]) {
    list.push("abcdefghijklmnopqrstuvwxyz".repeat(size / 26 + 1).slice(0, size));
    list.push(Buffer.from({ length: size }, (_, i) => (i * 31) >> 3));
  }
  return list;
}

async function talk(session, can) {
  for (const m of messages()) {
    await session.send(m);
    await expect(session, m);
  }
  if (can.parts) {
    for (const parts of [["Grüße ", "und ", "mehr"], [Buffer.from("ab"), Buffer.alloc(0), Buffer.from("\u00ff")]]) {
      const sending = session.sendParts(parts);
      await expect(session, typeof parts[0] === "string" ? parts.join("") : Buffer.concat(parts));
      await sending;
    }
  }
  for (let n = 0; n < 100; n++) await session.send(`message ${n}`);
  for (let n = 0; n < 100; n++) await expect(session, `message ${n}`);
}

async function closes(session, code, reason) {
  await session.send("still here");
  await expect(session, "still here");
  const answer = await session.close(code, reason);
  if (answer.code !== (code || 1005) || answer.reason !== reason)
    throw new Error(`the answer to a close with ${code} "${reason}" was ${answer.message}`);
}

async function expectEnd(session, code, reason) {
  const end = await session.receive().then((m) => { throw new Error(`a message of ${m.length} instead of the end`); },
    (e) => { if (e instanceof End) return e; throw e; });
  if (end.code !== code || (reason !== undefined && end.reason !== reason)) throw new Error(`${end.message} instead of ${code} ${reason}`);
}

/** dial(url, ca) gives a session that is open. */
export async function client(dial, can, url, authorities) {
  const ca = authorities && readFileSync(authorities);
  let session = await dial(url, ca);
  await talk(session, can);
  await closes(session, 3001, "interop is over");
  for (const [code, reason] of can.closes) await closes(await dial(url, ca), code, reason);
  if (can.badText) {
    session = await dial(url, ca);
    await session.sendBadText();
    await expectEnd(session, 1007);
  }
  session = await dial(url, ca);
  await session.send("still here");
  await expect(session, "still here");
  console.log("waiting");
  await expectEnd(session, 1001, "server is going away");
}

/** One connection of a server; prints how it ended. */
export async function serve(session) {
  let sending;
  try {
    for (;;) {
      const m = await session.receive();
      await sending;
      sending = undefined;
      if (typeof m === "string" && m.startsWith("close ")) {
        const [, code, reason] = /^close (\d+) ?(.*)$/s.exec(m);
        const answer = await session.close(Number(code), reason);
        console.log(answer.code === Number(code) ? "ended" : `answered with ${answer.message}`);
        return;
      }
      if (m === "fragments") sending = session.sendParts(["one ", "two ", "three"]);
      else await session.send(m);
    }
  } catch (e) {
    if (!(e instanceof End)) throw e;
    console.log(`closed ${e.message}`);
  }
}

/** Ends the program with one line, whatever goes wrong. */
export function run(body) {
  const fail = (e) => {
    process.stderr.write(`${[e.message, e.cause?.message, e.error?.message].filter(Boolean).join(": ")}\n`.replace(/\n(?=.)/g, " "));
    process.exit(1);
  };
  setTimeout(() => fail(new Error("the time is over")), DEADLINE).unref();
  body().then(() => process.exit(0), fail);
}
