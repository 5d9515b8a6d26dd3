// Builds dist/, which is committed: the server embeds it, and `cargo build` needs no Node.

import { copyFile, mkdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const dist = new URL("dist/", import.meta.url).pathname;
await mkdir(dist, { recursive: true });
await build({
  entryPoints: { chat: "src/chat.tsx" },
  absWorkingDir: new URL(".", import.meta.url).pathname,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  outdir: dist,
  legalComments: "none",
  charset: "utf8",
});
for (const name of ["chat.html", "icon.svg"]) {
  await copyFile(new URL(`src/${name}`, import.meta.url), `${dist}${name}`);
}
for (const name of ["chat.js", "chat.css"]) {
  const bytes = await readFile(`${dist}${name}`);
  console.log(`${name} ${bytes.length} bytes, ${gzipSync(bytes).length} gzipped`);
}
