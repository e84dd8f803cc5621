// SPDX-License-Identifier: Apache-2.0
// Two pages of Chromium talk over the page that chat_server serves itself:
// chat.mjs CHAT_SERVER SCREENSHOT
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { browserFlags } from "./browser.mjs";
import { run } from "./talk.mjs";

/** A page that has said its name. */
async function guest(context, url, name) {
  const page = await context.newPage();
  const answer = await page.goto(url);
  if (answer.status() !== 200) throw new Error(`the page came with ${answer.status()}`);
  // The line that says so comes by the socket, so it is open: until then the page says nothing.
  while (!(await page.locator("li", { hasText: `* ${name} comes in` }).count())) {
    await say(page, name);
    await page.locator("li").first().waitFor({ timeout: 2000 }).catch(() => {});
  }
  return page;
}

async function say(page, text) {
  await page.fill("#text", text);
  await page.click("button");
}

const hears = (page, text) => page.locator("li", { hasText: text }).first().waitFor();

/** A page of another host may not connect. */
async function strangersAreRefused(context, url) {
  const page = await context.newPage();
  const opened = await page.evaluate((at) => new Promise((done) => {
    const ws = new WebSocket(at);
    ws.onopen = () => done(true);
    ws.onerror = () => done(false);
  }), url.replace("http", "ws") + "chat");
  if (opened) throw new Error("a page of nobody was let in");
  await page.close();
}

async function main(program, screenshot) {
  const server = spawn(program, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => server.on("exit", (code, signal) => done(signal ?? code)));
  const profile = mkdtempSync(join(tmpdir(), "libws-chromium-"));
  let context;
  try {
    const [line] = await new Promise((done) => createInterface(server.stdout).once("line", (l) => done([l])));
    const url = line.match(/http:\/\/\S+/)[0];
    context = await chromium.launchPersistentContext(profile, { executablePath: process.env.WS_CHROMIUM, headless: true, args: browserFlags });
    const health = await context.request.get(`${url}healthz`);
    if (health.status() !== 200 || (await health.text()) !== "ok\n") throw new Error(`/healthz says ${health.status()}`);
    if ((await context.request.get(`${url}nothing`)).status() !== 404) throw new Error("there is something at /nothing");
    await strangersAreRefused(context, url);
    const ada = await guest(context, url, "Ada"), grace = await guest(context, url, "Grace");
    await hears(ada, "* Grace comes in");
    await say(ada, "Hello <b>Grace</b>, do you read me?");
    await hears(grace, "Ada: Hello <b>Grace</b>, do you read me?");
    await say(grace, "Loud and clear ✓");
    await hears(ada, "Grace: Loud and clear ✓");
    await ada.screenshot({ path: screenshot });
    if (statSync(screenshot).size < 2000) throw new Error("the screenshot is empty");
    await grace.close();
    await hears(ada, "* Grace leaves");
    server.kill("SIGTERM");
    await hears(ada, "* the room is closed: 1001");
    const status = await ended;
    if (status !== 0) throw new Error(`chat_server ended with ${status}`);
  } finally {
    await context?.close();
    server.kill("SIGKILL");
    rmSync(profile, { recursive: true, force: true });
  }
}

run(() => main(...process.argv.slice(2)));
