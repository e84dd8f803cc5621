// SPDX-License-Identifier: Apache-2.0
// Two pages of Chromium talk over the page that chat_server serves itself, and over that of libws-cat listen --chat:
// chat.mjs CHAT_SERVER SCREENSHOT LIBWS_CAT
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

const receives = (page, text) => page.locator("li", { hasText: text }).first().waitFor();

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

/** A server that listens, its address, and the promise of its status. */
async function start(program, ...words) {
  const server = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => server.on("exit", (code, signal) => done(signal ?? code)));
  const line = await new Promise((done) => createInterface(server.stdout).once("line", done));
  return { server, ended, url: line.match(/(http|ws):\/\/\S+/)[0].replace(/^ws/, "http") };
}

const state = (page, is) => page.locator(`#state[data-is=${is}]`).waitFor();

/** The last line is in sight, although there are more than fit. */
async function scrolls(page) {
  for (let i = 0; i < 40; i++) await say(page, `line ${i}`);
  await receives(page, "line 39");
  const { above, below } = await page.locator("#lines").evaluate((l) => ({ above: l.scrollTop, below: l.scrollHeight - l.scrollTop - l.clientHeight }));
  if (!above || below > 1) throw new Error(`${above} above and ${below} pixels below the part that is seen`);
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) throw new Error("the page is wider than the phone");
}

/** The server goes, and another comes: the page says so, comes back by itself, and what was typed meanwhile is there. */
async function comesBack(page, program, first) {
  await page.fill("#text", "typed meanwhile");
  first.server.kill("SIGTERM");
  await state(page, "gone");
  const words = await page.locator("#state").textContent();
  if (!words.includes("server is going away")) throw new Error(`the page says "${words}"`);
  const status = await first.ended;
  if (status !== 0) throw new Error(`chat_server ended with ${status}`);
  await page.press("#text", "Enter"); // nothing is sent, nothing is lost
  const second = await start(program, "--port", new URL(first.url).port);
  try {
    await state(page, "open");
    if (await page.inputValue("#text") !== "typed meanwhile") throw new Error("what was typed is gone");
    await page.reload();
    await state(page, "open");
    await page.click("button");
    await receives(page, "Lin: typed meanwhile");
  } finally {
    second.server.kill("SIGKILL");
  }
}

/** A line of 4096 bytes reaches all with its speaker's name in front; a longer one ends its connection, with a reason. */
async function longLines(page) {
  const [said, code, reason] = await page.evaluate(() => new Promise((done) => {
    const ws = new WebSocket(location.origin.replace(/^http/, "ws") + "/chat");
    let said = 0;
    ws.onopen = () => ["Long", "x".repeat(4096), "y".repeat(4097)].forEach((line) => ws.send(line));
    ws.onmessage = ({ data }) => { if (data.startsWith("Long: x")) said = data.length; };
    ws.onclose = ({ code, reason }) => done([said, code, reason]);
  }));
  if (said !== 4096 + "Long: ".length || code !== 1009 || !reason) throw new Error(`${said} bytes came, then ${code} "${reason}"`);
}

/** The page of the tool: a name and a message, for all; on a phone, and over a restart of the server. */
async function overTheTool(context, program) {
  let { server, ended, url } = await start(program, "listen", "0", "--chat");
  try {
    const [ada, grace] = [await context.newPage(), await context.newPage()];
    for (const page of [ada, grace]) {
      await page.setViewportSize({ width: 360, height: 640 });
      if ((await page.goto(url)).status() !== 200) throw new Error("the tool has no page");
      await receives(page, "connected");
    }
    await ada.bringToFront(); // a page that nobody sees draws once a second, and clicks wait for that
    await ada.fill("#name", "Ada");
    for (let i = 0; i < 40; i++) await say(ada, `line ${i} <b>of the tool</b>`);
    await receives(grace, "Ada: line 39 <b>of the tool</b>");
    const { below, wide } = await grace.evaluate(() => {
      const l = document.querySelector("#lines");
      return { below: l.scrollHeight - l.scrollTop - l.clientHeight, wide: document.documentElement.scrollWidth > innerWidth };
    });
    if (below > 1 || wide) throw new Error(`${below} pixels below what is seen, wider than the phone: ${wide}`);
    await grace.fill("#text", "typed meanwhile");
    server.kill("SIGTERM");
    await receives(grace, "the server has gone");
    await ended;
    await grace.press("#text", "Enter");
    ({ server, ended } = await start(program, "listen", new URL(url).port, "--chat"));
    for (const page of [ada, grace]) await page.locator("li", { hasText: "connected" }).nth(1).waitFor();
    if ((await grace.inputValue("#text")) !== "typed meanwhile") throw new Error("what was typed is gone");
    await grace.press("#text", "Enter");
    await receives(ada, "typed meanwhile");
    await Promise.all([ada.close(), grace.close()]);
  } finally {
    server.kill("SIGKILL");
  }
}

async function main(program, screenshot, tool) {
  const first = await start(program, "--port", "0");
  const profile = mkdtempSync(join(tmpdir(), "libws-chromium-"));
  let context;
  try {
    const { url } = first;
    context = await chromium.launchPersistentContext(profile, { executablePath: process.env.WS_CHROMIUM, headless: true, args: browserFlags });
    const health = await context.request.get(`${url}healthz`);
    if (health.status() !== 200 || (await health.text()) !== "ok\n") throw new Error(`/healthz says ${health.status()}`);
    if ((await context.request.get(`${url}nothing`)).status() !== 404) throw new Error("there is something at /nothing");
    await strangersAreRefused(context, url);
    const ada = await guest(context, url, "Ada"), grace = await guest(context, url, "Grace");
    await receives(ada, "* Grace comes in");
    await say(ada, "Hello <b>Grace</b>, do you read me?");
    await receives(grace, "Ada: Hello <b>Grace</b>, do you read me?");
    await say(grace, "Loud and clear ✓");
    await receives(ada, "Grace: Loud and clear ✓");
    await ada.screenshot({ path: screenshot });
    if (statSync(screenshot).size < 2000) throw new Error("the screenshot is empty");
    await longLines(grace);
    await grace.close();
    await receives(ada, "* Grace leaves");
    const lin = await guest(context, url, "Lin");
    await lin.setViewportSize({ width: 360, height: 640 });
    await scrolls(lin);
    await comesBack(lin, program, first);
    await overTheTool(context, tool);
  } finally {
    await context?.close();
    first.server.kill("SIGKILL");
    rmSync(profile, { recursive: true, force: true });
  }
}

run(() => main(...process.argv.slice(2)));
