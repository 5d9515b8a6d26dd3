// Chromium, and pages that fail a story when something goes wrong that nobody would see: an error in
// a script, or a request to somebody else.

import { join } from "node:path";
import { chromium } from "playwright-core";

/** Stands for a server that has no TLS: to a browser a page of 127.0.0.1 would be a secure one. */
export const PLAIN_HOST = "plain.test";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`,
];
const WAIT_MS = 10_000;
/**
 * What the browser itself logs, and is part of the stories: lost connections, refusals, and on plain
 * http that it leaves a header out which only counts on https.
 */
const EXPECTED = /ERR_|WebSocket|status of 4\d\d|Opener-Policy header has been ignored/;

export async function start(server) {
  const chrome = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  let contexts = [];
  return {
    /** A page of a browser profile of its own. */
    async page({ path = "/chat", url = server.url, ...options } = {}) {
      const context = await chrome.newContext({
        viewport: { width: 1180, height: 760 },
        locale: "en-GB",
        colorScheme: "light",
        ...options,
      });
      context.setDefaultTimeout(WAIT_MS);
      contexts.push(context);
      const page = await context.newPage();
      page.troubles = [];
      page.on("pageerror", (error) => page.troubles.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !EXPECTED.test(message.text())) {
          page.troubles.push(message.text());
        }
      });
      page.on("request", (request) => {
        const to = new URL(request.url());
        const own = [server.url, url].map((known) => new URL(known).host);
        if (!own.includes(to.host) && to.protocol.startsWith("http")) {
          page.troubles.push(`asked ${to.host}`);
        }
      });
      await page.goto(url + path);
      return page;
    },
    async shoot(page, name) {
      await page.screenshot({ path: join(process.env.MIMC_SHOTS, `${name}.png`) });
    },
    async shootAll(name) {
      const pages = contexts.flatMap((context) => context.pages());
      for (const [at, page] of pages.entries()) {
        await this.shoot(page, `${name}-${at}`).catch(() => {});
        console.log(`      page ${at}: ${page.troubles.join("; ") || "no troubles"}`);
      }
    },
    async closePages() {
      await Promise.all(contexts.map((context) => context.close()));
      contexts = [];
    },
    close: () => chrome.close(),
  };
}
