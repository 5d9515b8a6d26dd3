// Waiting for what will be so, and saying what was not.

const WAIT_MS = 15_000;
const LOOK_MS = 40;

export function equal(what, seen, expected) {
  const [left, right] = [JSON.stringify(seen), JSON.stringify(expected)];
  if (left !== right) {
    throw new Error(`${what}: ${left}, expected ${right}`);
  }
}

export async function until(isSo, otherwise) {
  const end = Date.now() + WAIT_MS;
  while (!(await isSo())) {
    if (Date.now() > end) {
      throw new Error(typeof otherwise === "string" ? otherwise : await otherwise());
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
