/**
 * Messages on their way to the server: each is kept until it is acknowledged, and written again on
 * every new connection, in the order in which the app sent them.
 */

import type { Ack } from "./arrival.js";
import { MimcError } from "./errors.js";
import type { Receipt } from "./message.js";
import type { Outgoing } from "./session.js";

/** Messages that are not acknowledged; with more, sending fails at once. */
export const OUTBOX_MESSAGES_MAX = 1_024;
/** Of these, how many are on their way at a time. */
export const IN_FLIGHT_MAX = 256;
/** The answer's code for a binding that has ended: no verdict on the message. */
const UNBOUND = 401;

/** What became of a message. */
export interface Fate {
  stored(receipt: Receipt): void;
  failed(error: unknown): void;
}

interface Waiting {
  message: Outgoing;
  /** By the clock of `performance.now`; `null`: not written on this connection. */
  writtenAtMs: number | null;
  fate: Fate;
}

/** Unacknowledged messages. */
export class Outbox {
  readonly #waiting = new Map<string, Waiting>();
  #inFlight = 0;
  #isClosed = false;

  /** Messages without a receipt. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Takes a message; the order of these calls is the order of the messages. */
  add(message: Outgoing, fate: Fate): void {
    if (this.#isClosed) return fate.failed(new MimcError("ended", "the client has ended"));
    if (this.#waiting.size >= OUTBOX_MESSAGES_MAX) {
      const text = `${OUTBOX_MESSAGES_MAX} messages wait for their receipts`;
      return fate.failed(new MimcError("outboxFull", text));
    }
    if (this.#waiting.has(message.packetId)) {
      throw new TypeError(`packetId ${message.packetId} is on its way already`);
    }
    this.#waiting.set(message.packetId, { message, writtenAtMs: null, fate });
  }

  /** Gives a message up; `reason` is what its sender gets to see. */
  abandon(packetId: string, reason: unknown): void {
    this.#take(packetId)?.fate.failed(reason);
  }

  /** A new connection: everything is to be written again. */
  rewind(): void {
    this.#inFlight = 0;
    for (const waiting of this.#waiting.values()) waiting.writtenAtMs = null;
  }

  /** Writes what may be written now. */
  writeTo(write: (message: Outgoing) => void): void {
    if (this.#inFlight >= IN_FLIGHT_MAX || this.#inFlight === this.#waiting.size) return;
    for (const waiting of this.#waiting.values()) {
      if (waiting.writtenAtMs !== null) continue;
      if (this.#inFlight >= IN_FLIGHT_MAX) return;
      this.#inFlight += 1;
      waiting.writtenAtMs = performance.now();
      write(waiting.message);
    }
  }

  /** An answer of the server. One that nobody waits for is left out. */
  answered(ack: Ack): void {
    if (ack.code === UNBOUND) return;
    const fate = this.#take(ack.packetId)?.fate;
    if (ack.code !== 0) fate?.failed(new MimcError("refused", ack.text, ack.code));
    else
      fate?.stored({
        packetId: ack.packetId,
        sequence: ack.sequence,
        timestampMs: ack.timestampMs,
      });
  }

  /** When the message was written that waits longest on this connection. */
  get waitingSinceMs(): number | null {
    for (const { writtenAtMs } of this.#waiting.values()) return writtenAtMs;
    return null;
  }

  /** No more: all that wait are told so. */
  close(): void {
    this.#isClosed = true;
    for (const packetId of this.#waiting.keys()) {
      this.abandon(packetId, new MimcError("ended", "the client has ended"));
    }
  }

  #take(packetId: string): Waiting | undefined {
    const waiting = this.#waiting.get(packetId);
    if (!waiting) return undefined;
    this.#waiting.delete(packetId);
    if (waiting.writtenAtMs !== null) this.#inFlight -= 1;
    return waiting;
  }
}
