/** Sequences are 64-bit numbers in strings: a JavaScript number would lose their last digits. */

/** Negative when `a` is the earlier one; "" is before all. */
export function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

export function latest(a: string, b: string): string {
  return compare(a, b) < 0 ? b : a;
}
