import type { ClientEvent } from "@openmimc/sdk";
import { vi } from "vitest";
import { type Content, read } from "../src/model/format";

/** Of the group that {@link FakeClient} knows. */
export const ID = "21351198708203520";

/** A client whose events the test makes, and which keeps what was sent. */
export class FakeClient {
  static last: FakeClient;
  readonly sent: { to: string; content: Content; isStore: boolean | undefined; bizType: string }[] =
    [];
  readonly online: string[] = [];
  /** What becomes of the messages that are sent. */
  fails: Error | undefined;
  readonly topics = { list: vi.fn(async () => []), get: vi.fn(async () => roster) };
  readonly contacts = { list: vi.fn(async () => []) };
  readonly history = {
    withAccount: vi.fn(async () => ({ messages: [] })),
    ofTopic: vi.fn(async () => ({ messages: [] })),
  };
  readonly blacklist = { has: vi.fn(async () => false) };
  readonly #events: ClientEvent[] = [];
  #wake = () => {};
  #sequence = 100;

  constructor() {
    FakeClient.last = this;
  }

  async connect() {}
  close() {}

  /** Something happens, and the page has heard of it. */
  async happens(...events: ClientEvent[]) {
    this.#events.push(...events);
    this.#wake();
    await vi.advanceTimersByTimeAsync(0);
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      const event = this.#events.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async send(to: string, payload: string, options: { isStore?: boolean; bizType: string }) {
    this.sent.push({ to, content: read(payload).content, isStore: options.isStore, ...options });
    if (this.fails) throw this.fails;
    this.#sequence += 1;
    const sequence = String(this.#sequence);
    return { packetId: `p-${sequence}`, sequence, timestampMs: this.#sequence };
  }

  sendToTopic = this.send;

  sendOnline(account: string) {
    this.online.push(account);
  }
}

const roster = {
  topicInfo: { topicId: ID, topicName: "Picnic", ownerAccount: "bob" },
  members: [{ account: "bob" }, { account: "alice" }],
};
