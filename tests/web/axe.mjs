// What axe-core finds on a page: nothing, or the story fails.

import axe from "axe-core";
import { equal } from "./expect.mjs";

export async function check(what, page) {
  // As an evaluated expression: a script element would be against the page's policy.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
  );
  equal(`axe on ${what}`, found, []);
}
