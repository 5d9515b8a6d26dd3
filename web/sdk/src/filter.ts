/**
 * Sequences remembered. A server has at most 4 lists of 50 messages unacknowledged, so that what it
 * may send again is far inside.
 */
export const FILTER_SEQUENCES_MAX = 1_024;

/**
 * The duplicate filter: what was redelivered after a reconnect is shown once. What is below all of
 * a full memory counts as seen.
 */
export class Filter {
  readonly #seen = new Set<string>();
  /** The highest sequence that was forgotten. */
  #forgotten = 0n;

  /** Whether this sequence comes for the first time; it is remembered from now on. */
  isNew(sequence: string): boolean {
    if (this.#seen.has(sequence) || BigInt(sequence) <= this.#forgotten) return false;
    this.#seen.add(sequence);
    if (this.#seen.size > FILTER_SEQUENCES_MAX) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      const sequence = BigInt(oldest);
      if (sequence > this.#forgotten) this.#forgotten = sequence;
      return;
    }
  }
}
