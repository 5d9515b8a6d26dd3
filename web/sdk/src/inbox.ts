/**
 * Where the connection lays down what came, and the app takes it.
 *
 * A slow app slows its own acknowledgements and nothing else: the server stops sending messages
 * after four unacknowledged lists, while receipts and pings keep flowing.
 */

import { type ClientEvent, isLast } from "./event.js";

/** Messages that wait for the app. An honest server stays below with its 4 lists of 50. */
export const INBOX_MESSAGES_MAX = 512;
/**
 * Online messages and their acknowledgements that wait for the app; more are dropped, as they are
 * for a device that is offline.
 */
export const INBOX_FLEETING_MAX = 256;
/** Connects and disconnects that wait for the app; of more, only the newest is kept. */
export const INBOX_STATUSES_MAX = 64;

/** What an event is to the inbox; each class has its own bound. */
type EventClass = "message" | "fleeting" | "status" | "last";

type Taken = () => void;
type Waiter = (event: ClientEvent | undefined) => void;

/** Events, and marks between them. */
export class Inbox {
  readonly #queue: (ClientEvent | Taken)[] = [];
  readonly #counts = { message: 0, fleeting: 0, status: 0, last: 0 };
  #waiters: Waiter[] = [];
  #isInHand = false;
  #isClosed = false;

  // The connection's side

  /** Lays down an event; `false` when there are too many messages. Nothing follows a last event. */
  put(event: ClientEvent): boolean {
    if (this.#isClosed) return true;
    const kind = classOf(event);
    if (kind === "message" && this.#counts.message >= INBOX_MESSAGES_MAX) return false;
    if (kind === "fleeting" && this.#counts.fleeting >= INBOX_FLEETING_MAX) return true;
    if (kind === "status" && this.#counts.status >= INBOX_STATUSES_MAX) this.#dropNewestStatus();
    this.#counts[kind] += 1;
    this.#queue.push(event);
    this.#serve();
    if (isLast(event)) this.close();
    return true;
  }

  /** Calls back as soon as the app has dealt with everything laid down so far. */
  mark(taken: Taken): void {
    if (this.#isClosed) return;
    this.#queue.push(taken);
    this.#serve();
  }

  /** Nothing more comes. */
  close(): void {
    this.#isClosed = true;
    this.#serve();
  }

  // The app's side

  /** The next event, `undefined` after a last one. The event before it counts as dealt with. */
  next(signal?: AbortSignal): Promise<ClientEvent | undefined> {
    this.done();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const give: Waiter = (event) => {
        signal?.removeEventListener("abort", abort);
        resolve(event);
      };
      const abort = () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter !== give);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#waiters.push(give);
      this.#serve();
    });
  }

  /** The event in the app's hands has been dealt with. */
  done(): void {
    this.#isInHand = false;
    this.#passMarks();
  }

  #serve(): void {
    for (;;) {
      this.#passMarks();
      if (this.#waiters.length === 0 || (this.#queue.length === 0 && !this.#isClosed)) return;
      const event = this.#queue.shift() as ClientEvent | undefined;
      const waiter = this.#waiters.shift();
      if (event) {
        this.#counts[classOf(event)] -= 1;
        // Whoever waits already for the one after it has dealt with it.
        this.#isInHand = this.#waiters.length === 0;
      }
      waiter?.(event);
    }
  }

  #passMarks(): void {
    while (!this.#isInHand && typeof this.#queue[0] === "function") {
      (this.#queue.shift() as Taken)();
    }
  }

  #dropNewestStatus(): void {
    for (let at = this.#queue.length - 1; at >= 0; at--) {
      const entry = this.#queue[at];
      if (typeof entry === "object" && classOf(entry) === "status") {
        this.#queue.splice(at, 1);
        this.#counts.status -= 1;
        return;
      }
    }
  }
}

function classOf(event: ClientEvent): EventClass {
  switch (event.type) {
    case "message":
    case "groupMessage":
    case "unlimitedGroupMessage":
      return "message";
    case "onlineMessage":
    case "onlineAck":
      return "fleeting";
    case "connected":
    case "disconnected":
    case "unlimitedGroupDismissed":
      return "status";
    case "kicked":
    case "refused":
    case "loggedOut":
      return "last";
  }
}
