/** Which rows of a long table are worth drawing. */

/** Rows that are drawn above and below what can be seen. */
const SPARE = 8;

export interface Window {
  first: number;
  /** One after the last. */
  end: number;
}

/** All are `rowPx` high; `top` is how far the table has been scrolled, `height` what is seen of it. */
export function windowOf(rows: number, rowPx: number, top: number, height: number): Window {
  const first = Math.max(0, Math.floor(top / rowPx) - SPARE);
  const end = Math.min(rows, Math.ceil((top + height) / rowPx) + SPARE);
  return { first: Math.min(first, end), end };
}
