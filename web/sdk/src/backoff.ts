/** The first wait, before chance shortens it. */
export const BACKOFF_FIRST_MS = 500;
/** The longest wait. */
export const BACKOFF_MAX_MS = 30_000;

/**
 * How long to wait before the next attempt: twice as long each time, and each wait cut to somewhere
 * between its half and its whole by chance, so that clients which lost their server together do not
 * return together.
 */
export class Backoff {
  readonly #maxMs: number;
  #wholeMs = BACKOFF_FIRST_MS;

  /** Up to `maxMs`. */
  constructor(maxMs = BACKOFF_MAX_MS) {
    this.#maxMs = maxMs;
  }

  /** The wait before the next attempt; longer each time. */
  nextWaitMs(): number {
    const whole = this.#wholeMs;
    this.#wholeMs = Math.min(whole * 2, this.#maxMs);
    return Math.round(whole * (0.5 + Math.random() / 2));
  }

  /** All is well again. */
  reset(): void {
    this.#wholeMs = BACKOFF_FIRST_MS;
  }
}
