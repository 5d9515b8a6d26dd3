// Runs the stories one after the other on one server and one browser, and counts.

import { start as startBrowser } from "./browser.mjs";
import { start as startServer } from "./server.mjs";
import * as accessibility from "./stories/accessibility.mjs";
import * as console_ from "./stories/console.mjs";
import * as consoleLooks from "./stories/console_looks.mjs";
import * as consoleMarkup from "./stories/console_markup.mjs";
import * as consoleOperate from "./stories/console_operate.mjs";
import * as consolePlayground from "./stories/console_playground.mjs";
import * as chat from "./stories/chat.mjs";
import * as docs from "./stories/docs.mjs";
import * as guides from "./stories/guides.mjs";
import * as looks from "./stories/looks.mjs";
import * as original from "./stories/original.mjs";
import * as outages from "./stories/outages.mjs";
import * as page from "./stories/page.mjs";

const only = process.argv[2] ?? "";
const server = await startServer();
const browser = await startBrowser(server);
let passed = 0;
let failed = 0;

const consoles = [console_, consoleOperate, consoleMarkup, consolePlayground];
const rooms = [page, ...consoles, chat, original, outages, guides, docs];
for (const room of [...rooms, accessibility, looks, consoleLooks]) {
  for (const [name, story] of Object.entries(room.stories)) {
    if (!name.includes(only)) {
      continue;
    }
    const began = Date.now();
    try {
      await story({ server, browser });
      passed += 1;
      console.log(`ok    ${name} (${Date.now() - began} ms)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL  ${name}\n${error.stack}`);
      await browser.shootAll(`failed-${failed}`);
    } finally {
      await browser.closePages();
    }
  }
}
await browser.close();
await server.remove();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
