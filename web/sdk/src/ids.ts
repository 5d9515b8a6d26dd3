/** 64 random bits as text. */
export function randomWord(): string {
  const drawn = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(drawn, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Makes ids that nobody made before: a random beginning and a counter. */
export class Ids {
  readonly #beginning = `${randomWord()}-`;
  #count = 0;

  /** A new one. */
  next(): string {
    this.#count += 1;
    return this.#beginning + this.#count;
  }
}
