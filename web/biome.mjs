// Runs Biome from the package of this platform. Its umbrella package names platforms that not every
// registry has, and `npm ci` insists on all of them.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

const platform = `@biomejs/cli-${process.platform}-${process.arch}`;

let biome;
try {
  biome = createRequire(import.meta.url).resolve(`${platform}/biome`);
} catch {
  console.error(`Biome is left out: ${platform} is not installed`);
  process.exit(0);
}
const { status } = spawnSync(biome, process.argv.slice(2), { stdio: "inherit" });
process.exit(status ?? 1);
