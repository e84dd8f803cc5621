// SPDX-License-Identifier: Apache-2.0
// Two browsers talk over two processes behind haproxy, one process is killed, and they talk on: cluster.mjs CLUSTER_SH BUILD
// DIRECTORY. scripts/cluster.sh starts all. Pictures of both browsers, side by side, before, meanwhile and after, go to DIRECTORY.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { browserFlags } from "./browser.mjs";
import { DEADLINE, run } from "./talk.mjs";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** NATS, both processes and haproxy; pids by the name of the process. */
async function start(script, build) {
  const port = await freePort();
  const cluster = spawn(script, [build, String(port)], { stdio: ["ignore", "pipe", "inherit"] });
  const pids = {};
  for await (const line of createInterface(cluster.stdout)) {
    const [, name, pid] = line.match(/^(\w+) +\(pid (\d+)\)/) ?? [];
    if (pid) pids[name] = Number(pid);
    if (line.startsWith("Ctrl-C")) return { cluster, pids, url: `http://127.0.0.1:${port}/` };
  }
  throw new Error("the cluster did not start");
}

async function say(page, text) {
  await page.fill("#text", text);
  await page.click("button");
}

const shows = (page, text) => page.locator("li", { hasText: text }).first().waitFor();

/** Which process the line is from that says that somebody has come in. */
async function processOf(page, name) {
  const line = page.locator("li", { hasText: `* ${name} comes in, at ` }).first();
  await line.waitFor();
  return (await line.textContent()).split(", at ")[1];
}

/** A browser of its own, whose page is connected. */
async function open(browser, url, colorScheme) {
  const page = await (await browser.newContext({ viewport: { width: 420, height: 520 }, colorScheme })).newPage();
  page.setDefaultTimeout(DEADLINE);
  await page.goto(url);
  await page.locator("#state[data-is=open]").waitFor();
  return page;
}

/** Both pages in one picture. */
async function picture(browser, pages, path) {
  const shots = [];
  for (const page of pages) shots.push((await page.screenshot()).toString("base64"));
  const page = await browser.newPage({ viewport: { width: 868, height: 536 } });
  await page.setContent(`<body style="margin:8px;display:flex;gap:12px;background:#888">${shots.map((s) => `<img src="data:image/png;base64,${s}">`).join("")}`);
  await page.screenshot({ path });
  await page.close();
  if (statSync(path).size < 4000) throw new Error(`${path} is empty`);
}

async function talk(browser, { pids, url }, directory) {
  const ada = await open(browser, url, "light");
  await say(ada, "Ada");
  const first = await processOf(ada, "Ada");
  const grace = await open(browser, url, "dark");
  await say(grace, "Grace");
  const second = await processOf(ada, "Grace");
  if (first === second || !pids[first] || !pids[second]) throw new Error(`Ada is at ${first} and Grace at ${second}`);
  await say(ada, "Hello Grace, which process are you at?");
  await shows(grace, "Ada: Hello Grace");
  await say(grace, `At ${second}. You?`);
  await shows(ada, `Grace: At ${second}`);
  await say(ada, `At ${first}`);
  await shows(grace, `Ada: At ${first}`);
  await picture(browser, [ada, grace], join(directory, "before.png"));

  await ada.fill("#text", "That was quick");
  process.kill(pids[first], "SIGKILL");
  await ada.locator("#state[data-is=gone]").waitFor();
  await say(grace, "Are you still there?"); // who is at the other one goes on
  await shows(grace, "Grace: Are you still there?");
  await picture(browser, [ada, grace], join(directory, "killed.png"));

  await shows(grace, `* Ada comes in, at ${second}`);
  await shows(ada, `* Ada comes in, at ${second}`);
  if ((await ada.inputValue("#text")) !== "That was quick") throw new Error("what was typed is gone");
  await ada.click("button");
  await shows(grace, "Ada: That was quick");
  await say(grace, "Welcome back");
  await shows(ada, "Grace: Welcome back");
  await picture(browser, [ada, grace], join(directory, "after.png"));
}

async function main(script, build, directory) {
  mkdirSync(directory, { recursive: true });
  const started = await start(script, build);
  let browser;
  try {
    browser = await chromium.launch({ executablePath: process.env.WS_CHROMIUM, headless: true, args: browserFlags });
    await talk(browser, started, directory);
  } finally {
    await browser?.close();
    const ended = once(started.cluster, "exit");
    started.cluster.kill("SIGTERM");
    await ended;
  }
}

run(() => main(...process.argv.slice(2)));
