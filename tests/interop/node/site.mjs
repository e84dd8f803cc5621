// SPDX-License-Identifier: Apache-2.0
// The site of ./build.sh docs, opened as files: every page is shown without the network, fits a phone and has its
// pictures, and the search finds a call: site.mjs DIRECTORY_OF_PAGES DIRECTORY_OF_SCREENSHOTS
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { browserFlags } from "./browser.mjs";
import { DEADLINE, run } from "./talk.mjs";

const SHOWN = ["index.html", "getting-started.html", "errors.html", "benchmarks.html", "reference/sending.html", "reference/options.html"];

async function each(page, at, faults) {
  await page.goto(at, { timeout: DEADLINE });
  const { wide, blank, words } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth > innerWidth,
    blank: [...document.images].filter((i) => !i.complete || !i.naturalWidth).map((i) => i.getAttribute("src")),
    words: document.querySelector("article").innerText.length,
  }));
  if (wide) faults.push(`${at} is wider than a phone`);
  if (blank.length) faults.push(`${at}: no picture at ${blank}`);
  if (words < 100) faults.push(`${at} has ${words} letters`);
}

/** The first answer to a name is its place in the reference. */
async function search(page, start) {
  await page.goto(start, { timeout: DEADLINE });
  await page.locator("[data-md-component=search-query]").fill("ws_connect_wait");
  const first = page.locator(".md-search-result__link").first();
  await first.waitFor({ timeout: DEADLINE });
  await first.click();
  await page.waitForURL(/reference\/clients\.html/, { timeout: DEADLINE });
  await page.locator("#ws_connect_wait").waitFor({ timeout: DEADLINE });
}

async function main(directory, screenshots) {
  mkdirSync(screenshots, { recursive: true });
  const profile = mkdtempSync(join(tmpdir(), "libws-chromium-"));
  const context = await chromium.launchPersistentContext(profile, { executablePath: process.env.WS_CHROMIUM, headless: true, args: browserFlags });
  const faults = [];
  try {
    const page = await context.newPage();
    page.on("request", (request) => {
      if (!/^(file|data|blob|about):/.test(request.url())) faults.push(`asks for ${request.url()}`);
    });
    page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
    const url = (name) => pathToFileURL(join(directory, name)).href;
    const pages = readdirSync(directory, { recursive: true }).filter((name) => name.endsWith(".html") && name !== "404.html");
    if (pages.length < 60) throw new Error(`there are ${pages.length} pages`);
    await page.setViewportSize({ width: 360, height: 740 });
    for (const name of pages) await each(page, url(name), faults);
    for (const [kind, width, height, colorScheme] of [["light", 1280, 1600, "light"], ["dark", 1280, 1600, "dark"], ["phone", 360, 1400, "light"]]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      for (const name of SHOWN) {
        await page.goto(url(name), { timeout: DEADLINE });
        await page.evaluate(() => localStorage.clear());
        await page.screenshot({ path: join(screenshots, `${name.replace(/.*\//, "").replace(".html", "")}-${kind}.png`) });
      }
      const scheme = await page.evaluate(() => document.body.getAttribute("data-md-color-scheme"));
      if (scheme !== (colorScheme === "dark" ? "slate" : "default")) faults.push(`${kind}: the colours are ${scheme}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    await search(page, url("index.html"));
    console.log(`${pages.length} pages`);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
  if (faults.length) throw new Error([...new Set(faults)].join("\n"));
}

run(() => main(...process.argv.slice(2)));
