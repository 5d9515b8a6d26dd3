import { randomWord } from "./ids.js";

const KEY = "openmimc.resource";

/**
 * The name of this device: the same for a browser profile as long as it keeps its storage, a new
 * one each time where there is none. Two tabs of a profile have the same, and evict each other: give
 * each its own where both are to be online.
 *
 * @returns 16 hexadecimal digits.
 */
export function defaultResource(): string {
  try {
    const storage = (globalThis as { localStorage?: Storage }).localStorage;
    const kept = storage?.getItem(KEY);
    if (kept) return kept;
    const made = randomWord();
    storage?.setItem(KEY, made);
    return made;
  } catch {
    // Storage is forbidden on this page.
    return randomWord();
  }
}
