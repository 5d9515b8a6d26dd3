// Builds what the server gives out of the SDK, which is checked in so that the server can be built
// without Node; `--check` sees that it is up to date.

import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const SIZE_BYTES_MAX = 20 * 1024;

/** The script with the original's names, and the module for pages that have no bundler. */
const FILES = {
  "mimc-min_1_0_0.js": { entry: "src/global/index.ts", format: "iife" },
  "openmimc.mjs": { entry: "src/index.ts", format: "esm" },
};

for (const [name, { entry, format }] of Object.entries(FILES)) {
  const built = await build({
    absWorkingDir: import.meta.dirname,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: ["chrome87", "firefox90", "safari15"],
    charset: "utf8",
    legalComments: "none",
    banner: { js: "/* OpenMIMC web SDK, Apache-2.0 */" },
    write: false,
  });
  keep(name, Buffer.from(built.outputFiles[0].contents));
}

function keep(name, bytes) {
  const file = new URL(`dist/${name}`, import.meta.url);
  const size = gzipSync(bytes, { level: 9 }).length;
  console.log(`${name}: ${bytes.length} bytes, ${size} gzipped of ${SIZE_BYTES_MAX}`);
  if (size > SIZE_BYTES_MAX) throw new Error(`${name} is too large`);
  if (!process.argv.includes("--check")) writeFileSync(file, bytes);
  else if (!bytes.equals(readFileSync(file))) {
    throw new Error(`dist/${name} is out of date: run \`npm run build\` and commit it`);
  }
}
