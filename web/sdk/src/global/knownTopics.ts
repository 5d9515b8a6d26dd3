/** Which long numbers are topics: pages of the original call `sendMessage` with either. */

import { Topics } from "../rest/topics.js";
import type { Rest } from "../rest.js";

/** How long the list may take before the number counts as an account. */
export const LOOK_UP_WAIT_MS = 1_000;
/** How long a number that was no topic is not asked about again. */
const NO_TOPIC_MS = 5_000;
/** Numbers that were no topics, remembered. */
const NO_TOPICS_MAX = 256;

/** The user's topics, as far as they are known. */
export class KnownTopics {
  readonly #topics: Topics;
  #known = new Set<string>();
  readonly #unknownUntilMs = new Map<string, number>();
  readonly #waiting = new Map<string, Send[]>();

  /** Nothing is asked yet. */
  constructor(rest: Rest) {
    this.#topics = new Topics(rest);
  }

  /** Calls back with the verdict, at once when there is one; in order for each number. */
  resolve(id: string, send: Send): void {
    const waiting = this.#waiting.get(id);
    if (waiting) {
      waiting.push(send);
      return;
    }
    if (this.#known.has(id)) return send(true);
    if ((this.#unknownUntilMs.get(id) ?? 0) > performance.now()) return send(false);
    this.#waiting.set(id, [send]);
    void this.#lookUp(id);
  }

  async #lookUp(id: string): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LOOK_UP_WAIT_MS);
    });
    await Promise.race([this.#refresh(), late]);
    clearTimeout(timer);
    const isTopic = this.#known.has(id);
    if (!isTopic) this.#rememberAsUnknown(id);
    const waiting = this.#waiting.get(id) ?? [];
    this.#waiting.delete(id);
    for (const send of waiting) send(isTopic);
  }

  async #refresh(): Promise<void> {
    try {
      const listed = await this.#topics.list();
      this.#known = new Set(listed.map((topic) => String(topic.topicId)));
    } catch {
      // What is known stays; the number counts as an account.
    }
  }

  #rememberAsUnknown(id: string): void {
    if (this.#unknownUntilMs.size >= NO_TOPICS_MAX) this.#unknownUntilMs.clear();
    this.#unknownUntilMs.set(id, performance.now() + NO_TOPIC_MS);
  }
}

/** Sends to the topic, or to the account. */
type Send = (isTopic: boolean) => void;
