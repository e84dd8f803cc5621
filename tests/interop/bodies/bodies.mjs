// SPDX-License-Identifier: Apache-2.0
// Bodies from Node, for bodies.py: bodies.mjs BASE_URL. fetch with a stream, and http with trailers.
import assert from "node:assert/strict";
import http from "node:http";
import https from "node:https";

const [base] = process.argv.slice(2);
const pieces = ["h", "e", "llo, ", "x".repeat(100_000), "y".repeat(200_000)];
const body = pieces.join("");

async function byFetch(target) {
  const stream = new ReadableStream({
    start(controller) { this.rest = [...pieces]; },
    pull(controller) {
      const piece = this.rest.shift();
      if (piece === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(piece));
    },
  });
  const answer = await fetch(base + target, { method: "POST", body: stream, duplex: "half" });
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), `POST ${target} ${body}`);
}

function byHTTP(agent, target, options) {
  return new Promise((done, failed) => {
    const { request } = base.startsWith("https") ? https : http;
    const asked = request(base + target, { method: "PUT", agent, ...options }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (more) => { text += more; });
      answer.on("end", () => done({ status: answer.statusCode, text, reused: asked.reusedSocket }));
    });
    asked.on("error", failed);
    const send = () => {
      for (const piece of pieces) asked.write(piece);
      asked.addTrailers({ "X-Sum": "1", "X-Other": "2" });
      asked.end();
    };
    if (options?.headers?.Expect) asked.on("continue", send).flushHeaders();
    else send();
  });
}

await byFetch("/1");
await byFetch("/2");
const { Agent } = base.startsWith("https") ? https : http;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
for (const [target, options] of [["/3", { headers: { Trailer: "X-Sum" } }], ["/4", { headers: { Expect: "100-continue" } }], ["/5", {}]]) {
  const answer = await byHTTP(agent, target, options);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, `PUT ${target} ${body}`);
  assert.equal(answer.reused, target !== "/3");
}
agent.destroy();
console.log("over");
