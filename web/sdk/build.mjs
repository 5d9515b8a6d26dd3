// Builds dist/mimc-min_1_0_0.js, which is checked in so that the server can be built without Node;
// `--check` sees that it is up to date.

import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const SIZE_BYTES_MAX = 20 * 1024;
const file = new URL("dist/mimc-min_1_0_0.js", import.meta.url);

const built = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/global/index.ts"],
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome87", "firefox90", "safari15"],
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* OpenMIMC web SDK, Apache-2.0 */" },
  write: false,
});
const bytes = Buffer.from(built.outputFiles[0].contents);
const size = gzipSync(bytes, { level: 9 }).length;
console.log(`mimc-min_1_0_0.js: ${bytes.length} bytes, ${size} gzipped of ${SIZE_BYTES_MAX}`);
if (size > SIZE_BYTES_MAX) throw new Error("the global build is too large");
if (!process.argv.includes("--check")) writeFileSync(file, bytes);
else if (!bytes.equals(readFileSync(file))) {
  throw new Error("dist/mimc-min_1_0_0.js is out of date: run `npm run build` and commit it");
}
