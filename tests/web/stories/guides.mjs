// What the guides of the web SDK show does what they say, in both languages.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { start as startBackend } from "../app_backend.mjs";
import { equal } from "../expect.mjs";
import { Person } from "../person.mjs";

/** The blocks of a language in a guide. */
async function blocks(guide, language) {
  const file = new URL(`../../../docs/guide/${guide}.md`, import.meta.url);
  const text = await readFile(file, "utf8");
  const found = text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"));
  return Array.from(found, ([, code]) => code);
}

/** Alice's page is served by the app, talks with bob, and says so. */
async function tryPage(browser, server, html) {
  const pages = { "/": html.replaceAll("http://127.0.0.1:8080", server.url) };
  const backend = await startBackend(server, pages);
  try {
    const page = await browser.page({ url: backend.url, path: "/" });
    const line = (text) => page.getByRole("listitem").filter({ hasText: text }).first();
    await line(/^online$/).waitFor();
    await server.push("bob", "alice", "hello 🏔");
    await line(/^bob: hello 🏔$/).waitFor();
    await page.getByRole("textbox").fill("back to bob");
    await page.getByRole("button").click();
    await line(/stored as \d+$/).waitFor();
    equal("troubles", page.troubles, []);
    await page.close();
  } finally {
    backend.close();
  }
}

/** Runs a program that imports the SDK as an installed package does. */
async function run(server, code) {
  const directory = await mkdtemp(join(tmpdir(), "mimc-guide-"));
  const modules = join(directory, "node_modules");
  const sdk = join(modules, "@openmimc", "sdk");
  await mkdir(sdk, { recursive: true });
  const module = await fetch(`${server.url}/sdk/openmimc.mjs`);
  await writeFile(join(sdk, "openmimc.mjs"), await module.text());
  await writeFile(join(sdk, "package.json"), '{"exports":"./openmimc.mjs"}');
  const ws = dirname(fileURLToPath(import.meta.resolve("ws/package.json")));
  await symlink(ws, join(modules, "ws"));
  await writeFile(join(directory, "bot.mjs"), code);
  const { appId: APP_ID, appKey: APP_KEY, appSecret: APP_SECRET } = server.app;
  const env = { ...process.env, MIMC_SERVER: server.url, APP_ID, APP_KEY, APP_SECRET };
  const child = spawn(process.execPath, ["bot.mjs"], { cwd: directory, env, stdio: ["ignore", "pipe", 2] });
  const [line] = await Promise.race([
    new Promise((resolve) => createInterface(child.stdout).once("line", (...of) => resolve(of))),
    new Promise((resolve) => child.once("exit", (code) => resolve([`ended with ${code}`]))),
  ]);
  equal("the first line", line, "online");
  return async () => {
    child.kill();
    await rm(directory, { recursive: true, force: true });
  };
}

function story(language) {
  return async ({ browser, server }) => {
    const pages = [
      ...(await blocks(`${language}/quick-start`, "html")),
      ...(await blocks(`${language}/web-sdk`, "html")),
    ];
    equal("pages", pages.length, 3);
    for (const html of pages) {
      await tryPage(browser, server, html);
    }
    const programs = await blocks(`${language}/web-sdk`, "js");
    const bot = programs.find((code) => code.includes('from "@openmimc/sdk"'));
    const stop = await run(server, bot);
    try {
      const ida = await Person.signIn(browser, `speaker-${language}`);
      await ida.talkTo("echo");
      await ida.write("is there an echo?");
      await ida.sees("is there an echo?", "is there an echo?");
    } finally {
      await stop();
    }
  };
}

export const stories = {
  "the pages and the program of the English guides work": story("en"),
  "the pages and the program of the Chinese guides work": story("zh"),
};
