/** What comes one after the other, each to be awaited: what tests use instead of sleeping. */
export class Stream<T> {
  readonly #came: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  push(item: T): void {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(item);
    else this.#came.push(item);
  }

  next(): Promise<T> {
    const item = this.#came.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** How many came that nobody has taken. */
  get size(): number {
    return this.#came.length;
  }
}
