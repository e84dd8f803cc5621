// SPDX-License-Identifier: Apache-2.0
// The status page of examples_c: what its WebSocket says adds up, who may not see it does not, and
// Chromium draws it, says when the server has gone, and connects again:
// status.mjs STATUS_SERVER DIRECTORY_OF_SCREENSHOTS DECLARATIONS
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import WebSocket from "ws";
import { browserFlags } from "./browser.mjs";
import { DEADLINE, run } from "./talk.mjs";

const equal = (what, got, wanted) => {
  if (got !== wanted) throw new Error(`${what}: ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
};

/** A server of its own: {port, stop}. stop resolves with the exit status. */
async function start(program, ...words) {
  const child = spawn(program, ["--every", "100", "--heartbeat", "100", ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = () => child.kill("SIGKILL");
  process.on("exit", kill); // also when the time is over
  const ended = new Promise((done) => child.on("exit", (code, signal) => done(signal ?? code)));
  const line = await Promise.race([new Promise((done) => createInterface(child.stdout).once("line", done)),
    ended.then((status) => { throw new Error(`status_server ended with ${status}`); })]);
  const [, port, page] = line.match(/ws:\/\/[^/]*:(\d+)\/.*http:\/\/[^/]*:(\d+)\//).map(Number);
  return { port, page, kill, stop: () => (child.kill("SIGTERM"), ended) };
}

/** The status of an answer, and its header fields. */
const ask = (port, { method = "GET", path = "/status", ...headers } = {}) => new Promise((done, failed) => {
  request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
    answer.resume();
    done({ status: answer.statusCode, headers: answer.headers });
  }).on("error", failed).end();
});

/** The status that an upgrade is refused by, or 101. */
const upgrade = (port, path = "/status", headers = {}, protocol = "libws-status") => new Promise((done, failed) => {
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocol, { headers });
  ws.on("open", () => { ws.terminate(); done(101); });
  ws.on("unexpected-response", (_, answer) => { answer.resume(); done(answer.statusCode); });
  ws.on("error", failed);
});

async function whoMayNot(port) {
  const page = await ask(port);
  equal("the page", page.status, 200);
  if (!/default-src 'none'.*frame-ancestors 'none'/.test(page.headers["content-security-policy"])) throw new Error("the page may load anything");
  equal("the page with a query", (await ask(port, { path: "/status?x=1" })).status, 200);
  equal("another page", (await ask(port, { path: "/status2" })).status, 404);
  equal("POST", (await ask(port, { method: "POST" })).status, 405);
  for (const headers of [{ "X-Forwarded-For": "192.0.2.1" }, { Forwarded: "for=192.0.2.1" }, { Via: "1.1 proxy" }]) {
    equal("the page by a proxy", (await ask(port, headers)).status, 403);
    equal("figures by a proxy", await upgrade(port, "/status", headers), 403);
  }
  equal("figures for a page of others", await upgrade(port, "/status", { Origin: "http://other.example" }), 403);
  equal("figures for the own page", await upgrade(port, "/status", { Origin: `http://127.0.0.1:${port}` }), 101);
  equal("figures without the subprotocol", await upgrade(port, "/status", {}, []), 400);
}

async function aTokenOpensIt(program) {
  const server = await start(program, "--token", "secret", "--origins", "*");
  try {
    for (const [path, status] of [["/status", 403], ["/status?token=", 403], ["/status?token=secre", 403], ["/status?token=secret", 200]])
      equal(path, (await ask(server.port, { path })).status, status);
    equal("another connection for it, which the server allows", await upgrade(server.port, "/", { Origin: "http://other.example" }, []), 101);
    equal("figures for a page of others", await upgrade(server.port, "/status?token=secret", { Origin: "http://other.example" }), 403);
    equal("a wrong token", await upgrade(server.port, "/status?token=secret2"), 403);
    equal("the right one", await upgrade(server.port, "/status?token=secret", { "X-Forwarded-For": "192.0.2.1" }), 101);
  } finally {
    equal("the end", await server.stop(), 0);
  }
}

/** The figures that come, in their order. They are not of one moment, so next() waits until they are right. */
async function watcher(port) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/status`, "libws-status");
  const got = [], sizes = [];
  let look = () => {};
  ws.on("message", (data) => { got.push(JSON.parse(data)); sizes.push(data.length); look(); });
  await new Promise((done, failed) => { ws.on("open", done); ws.on("error", failed); });
  /** The index of the next ones that check(figures, index) does not throw at; at the deadline it throws. */
  const next = (check) => new Promise((done, failed) => {
    let from = got.length, why = new Error("no figures came");
    const late = setTimeout(() => failed(why), DEADLINE / 2);
    look = () => {
      for (; from < got.length; from++) {
        try {
          check(got[from], from);
        } catch (e) {
          why = e;
          continue;
        }
        clearTimeout(late);
        look = () => {};
        return done(from);
      }
    };
  });
  return { ws, got, sizes, next };
}

/** A client that has an answer to each message that it sends. */
async function client(port) {
  const ws = new WebSocket(`ws://127.0.0.1:${port}/`);
  await new Promise((done, failed) => { ws.on("open", done); ws.on("error", failed); });
  return { ws, echo: (text) => new Promise((done) => { ws.once("message", (m) => done(String(m))); ws.send(text); }) };
}

const names = (figures) => JSON.stringify(figures.topics.named.map((t) => [decodeURIComponent(t.name), t.subscribers]).sort());

/** Nothing that the structs of the header have is left out. */
function allAreThere(figures, declarations) {
  const { structs } = JSON.parse(readFileSync(declarations));
  const members = (name) => Object.entries(structs[name]).filter(([, type]) => type.endsWith("int64_t")).map(([member]) => member);
  equal("figures of the library", Object.keys(figures.library).join(), members("ws_stats").join());
  equal("figures of the server", Object.keys(figures.server).join(), members("ws_server_stats").join());
}

async function figuresAddUp(port, declarations) {
  const { ws, got, sizes, next } = await watcher(port);
  const before = await next((f) => equal("connections", f.server.connections, 1)); // those of before are gone
  allAreThere(got[before], declarations);
  const clients = await Promise.all(Array.from({ length: 5 }, () => client(port)));
  const text = "x".repeat(1000);
  for (const one of clients) for (let i = 0; i < 20; i++) equal("the echo", await one.echo(text), text);
  for (const name of ["news", "news", "Straße/<b>", "100%"]) clients.pop().ws.send(`join ${name}`), clients.unshift(await client(port));
  // 9 clients: 5 and 4 that have replaced those that joined.
  const joined = 4, rest = ["news", "news", "Straße/<b>", "100%"].reduce((sum, name) => sum + Buffer.byteLength(`join ${name}`), 0);
  await next((now, after) => {
    const grown = (name) => now.server[name] - got[before].server[name];
    equal("messages received", grown("messages_received"), 100 + joined);
    equal("bytes received", grown("bytes_received"), 100 * 1000 + rest);
    equal("messages sent, its own among them", grown("messages_sent"), 100 + after - before);
    equal("bytes sent, its own among them", grown("bytes_sent"), 100 * 1000 + sizes.slice(before, after).reduce((sum, size) => sum + size, 0));
    equal("upgrades", grown("upgrades"), 9);
    equal("connections", now.server.connections, 10);
    equal("connections of the library", now.library.connections, 10);
    const { count, median_us, p99_us, max_us } = now.round_trips;
    equal("round trips", count, 10);
    equal("their order", [0, median_us, p99_us, max_us].every((n, i, all) => !i || n >= all[i - 1]), true);
    equal("the loops have worked", now.library.loop_cpu_us > got[before].library.loop_cpu_us, true);
    equal("topics", names(now), JSON.stringify([["100%", 1], ["Straße/<b>", 1], ["news", 2]]));
    equal("live topics", now.topics.live, 3);
  });
  ws.terminate();
  return clients;
}

/** A server whose messages are small, and whose page has a server of its own. */
async function itFitsSmallLimits(program) {
  const server = await start(program, "--max-message", "2048", "--page-port", "0", "--round-trips", "0");
  try {
    equal("the page at the server", (await ask(server.port)).status, 404);
    equal("the page", (await ask(server.page)).status, 200);
    const { ws, next } = await watcher(server.page);
    const one = await client(server.port);
    for (let n = 0; n < 70; n++) one.ws.send(`join ${"x".repeat(200)}${n}`);
    await next((f) => {
      equal("live topics", f.topics.live, 70);
      equal("named ones", f.topics.named.length, 64); // through the other server there is room
      equal("connections", f.server.connections, 1);
      equal("messages sent", f.server.messages_sent, 0);
      equal("round trips", f.round_trips, null);
    });
    one.ws.terminate();
    await next((f) => equal("live topics at the end", f.topics.live + f.topics.named.length, 0));
    ws.send("t".repeat(33)); // what no page sends
    await new Promise((done) => ws.on("close", done));
  } finally {
    equal("the end", await server.stop(), 0);
  }
  const small = await start(program, "--max-message", "2048");
  try {
    const { ws, next } = await watcher(small.port);
    const one = await client(small.port);
    for (let n = 0; n < 20; n++) one.ws.send(`join ${"x".repeat(200)}${n}`);
    await next((f) => {
      equal("live topics", f.topics.live, 20);
      equal("named as many as fit", f.topics.named.length >= 1 && f.topics.named.length < 20, true);
    });
    one.ws.terminate();
    ws.terminate();
  } finally {
    equal("the end", await small.stop(), 0);
  }
}

/** What the page shows for a figure. */
const shown = (page, name) => page.locator(`[data-figure="${name}"]`).textContent();
const live = (page) => page.locator("#state[data-is=live]").waitFor({ state: "attached" });

async function pageDraws(context, port, screenshots) {
  const page = await context.newPage();
  const wrong = [];
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("console", (m) => { if (m.type() === "error" && !m.text().includes("ERR_CONNECTION_REFUSED")) wrong.push(m.text()); });
  page.on("request", (r) => { if (!r.url().startsWith("data:") && new URL(r.url()).host !== `127.0.0.1:${port}`) wrong.push(`it asks for ${r.url()}`); });
  await page.goto(`http://127.0.0.1:${port}/status`);
  await live(page);
  await page.waitForFunction(() => [...document.querySelectorAll("#tiles svg path.series")].filter((p) => p.getAttribute("d").split("L").length > 3).length >= 12);
  equal("subscribers", (await page.locator("#topics tr", { hasText: "Straße/<b>" }).textContent()).trim(), "Straße/<b>1");
  const connections = await shown(page, "server.connections");
  equal("connections on the tile", await page.locator("#tiles section", { hasText: "Connections" }).first().locator("b").textContent(), connections);
  for (const [name, colorScheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["phone", "light", 390]]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    const [wide, ground] = await page.evaluate(() => [document.documentElement.scrollWidth, getComputedStyle(document.body).backgroundColor]);
    if (wide > width) throw new Error(`${name}: ${wide} px on a screen of ${width}`);
    equal(`${name}: the ground is dark`, ground.match(/\d+/g).every((c) => c < 64), colorScheme === "dark");
    const file = join(screenshots, `status-${name}.png`);
    await page.screenshot({ path: file });
    if (statSync(file).size < 5000) throw new Error(`${file} is empty`);
  }
  return { page, wrong };
}

/** Clients until one is refused, which the page says. */
async function refusalsAreSeen(page, port, clients) {
  for (let status = 101; status === 101;) {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/`);
    clients.push({ ws });
    status = await new Promise((done) => {
      ws.on("open", () => done(101));
      ws.on("unexpected-response", (_, answer) => done(answer.statusCode));
      ws.on("error", () => done(0)); // terminated, at the end
    });
    if (status !== 101) equal("the status of who is refused", status, 503);
  }
  await page.locator("#notes.warn", { hasText: "max_connections is reached" }).waitFor();
  await page.locator("#refused tr.hot", { hasText: "max_connections is reached" }).waitFor();
}

async function main(program, screenshots, declarations) {
  const profile = mkdtempSync(join(tmpdir(), "libws-chromium-"));
  let server = await start(program, "--limit", "14"), context, clients = [];
  const launching = chromium.launchPersistentContext(profile, { executablePath: process.env.WS_CHROMIUM, headless: true, args: browserFlags });
  try {
    const { port } = server;
    await whoMayNot(port);
    await Promise.all([aTokenOpensIt(program), itFitsSmallLimits(program)]);
    context = await launching;
    clients = await figuresAddUp(port, declarations);
    const { page, wrong } = await pageDraws(context, port, screenshots);
    await refusalsAreSeen(page, port, clients);
    equal("the end", await server.stop(), 0);
    await page.locator("#state[data-is=gone]").waitFor();
    await page.locator("#notes.bad", { hasText: "The server has stopped." }).waitFor();
    server = await start(program, "--port", String(port));
    await live(page);
    await page.waitForFunction(() => document.querySelector('[data-figure="server.upgrades"]').textContent === "1");
    equal("errors of the page", wrong.join("; "), "");
  } finally {
    for (const { ws } of clients) ws.terminate();
    await (await launching).close();
    server.kill();
    rmSync(profile, { recursive: true, force: true });
  }
}

run(() => main(...process.argv.slice(2)));
