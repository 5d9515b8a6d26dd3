// Builds dist/, which is committed: the server embeds it, and `cargo build` needs no Node.

import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a browser loads before the console shows anything, compressed. */
const CONSOLE_BYTES_MAX = 90 * 1024;

const dist = new URL("dist/", import.meta.url).pathname;
// Chunks are named after their content: old ones would stay.
await rm(dist, { recursive: true, force: true });
await mkdir(`${dist}console`, { recursive: true });

const options = {
  absWorkingDir: new URL(".", import.meta.url).pathname,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8",
};
await build({ ...options, entryPoints: { chat: "src/chat.tsx" }, outdir: dist });
// Each view of the console is a chunk, loaded when it is first shown.
const { metafile } = await build({
  ...options,
  entryPoints: { console: "src/console.tsx" },
  outdir: `${dist}console`,
  chunkNames: "[name]-[hash]",
  splitting: true,
  metafile: true,
});
await copyFile(new URL("src/chat.html", import.meta.url), `${dist}chat.html`);
await copyFile(new URL("src/console.html", import.meta.url), `${dist}console.html`);
for (const place of [dist, `${dist}console/`]) {
  await copyFile(new URL("src/icon.svg", import.meta.url), `${place}icon.svg`);
}

const chat = (await gzipped("chat.js")) + (await gzipped("chat.css"));
console.log(`chat: ${chat} bytes gzipped`);
const files = initial("dist/console/console.js");
const sizes = await Promise.all(files.map((file) => gzipped(file.replace("dist/", ""))));
const first = sizes.reduce((sum, size) => sum + size, 0);
const all = Object.keys(metafile.outputs).filter((file) => file.endsWith(".js"));
console.log(
  `console: ${first} bytes of script gzipped at first, ${all.length - files.length} chunks`,
);
console.log(`console.css: ${await gzipped("console/console.css")} bytes gzipped`);
if (first > CONSOLE_BYTES_MAX) {
  throw new Error(`the console's first script has more than ${CONSOLE_BYTES_MAX} bytes gzipped`);
}

/** A script and what it imports at once, not what it loads later. */
function initial(file, seen = new Set()) {
  seen.add(file);
  for (const { path, kind } of metafile.outputs[file].imports) {
    if (kind === "import-statement" && !seen.has(path)) {
      initial(path, seen);
    }
  }
  return [...seen];
}

async function gzipped(name) {
  return gzipSync(await readFile(dist + name)).length;
}
