// SPDX-License-Identifier: Apache-2.0
/** How Chromium is started: it looks up nothing by itself, and sends nothing home. */
export const browserFlags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
