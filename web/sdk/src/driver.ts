/** The engine of a client: logs in, serves the session until it ends, and comes back. */

import type { Arrival, List } from "./arrival.js";
import { Backoff } from "./backoff.js";
import { type ClientEvent, type DisconnectReason, isLast, type KickReason } from "./event.js";
import { Filter } from "./filter.js";
import type { Inbox } from "./inbox.js";
import type { Outbox } from "./outbox.js";
import {
  type Kind,
  type Outgoing,
  Session,
  type SessionEnd,
  type SessionHolder,
  type Words,
  wantsNewToken,
} from "./session.js";
import type { WebSocketConstructor } from "./socket.js";
import { type TokenData, TokenError, type Tokens, wordsOf } from "./token.js";
import { groupSequenceAck, UcType, type UnlimitedArrival } from "./unlimited.js";

/** A session that lasted this long was a good one: the next wait is the first again. */
const GOOD_SESSION_MS = 5_000;
/** How long the acknowledgement of a message may take. */
export const ACK_WAIT_MS = 15_000;

/** What an engine needs. */
export interface DriverSettings {
  url: string;
  webSocket: WebSocketConstructor;
  kind: Kind;
  resource: string;
  tokens: Tokens;
  inbox: Inbox;
  outbox: Outbox;
  /** Told of every event, before the app gets to see it. */
  watch(event: ClientEvent): void;
  /** Told of what concerns unlimited groups. */
  unlimited(arrival: UnlimitedArrival): void;
}

/** The engine. */
export class Driver implements SessionHolder {
  readonly #settings: DriverSettings;
  readonly #backoff = new Backoff();
  readonly #filter = new Filter();
  #state: "idle" | "running" | "leaving" | "ended" = "idle";
  #session: Session | null = null;
  #token: TokenData | null = null;
  #boundAtMs: number | null = null;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  /** The last message that the app has dealt with. */
  #taken: string | null = null;
  readonly #hurry = () => this.#retryNow();

  /** Does nothing before {@link start}. */
  constructor(settings: DriverSettings) {
    this.#settings = settings;
  }

  /** The session, when there is one that is logged in. */
  get session(): Session | null {
    return this.#session?.isBound ? this.#session : null;
  }

  /** Whether it is over. */
  get hasEnded(): boolean {
    return this.#state === "ended";
  }

  /** Begins to connect; harmless when begun. */
  start(): void {
    if (this.#state !== "idle") return;
    this.#state = "running";
    globalThis.addEventListener?.("online", this.#hurry);
    void this.#attempt();
  }

  /** Writes what waits in the outbox. */
  pump(): void {
    const session = this.session;
    if (!session) return;
    this.#settings.outbox.writeTo((message: Outgoing) => session.sendMessage(message));
    this.#watchAcks();
  }

  /** Logs out; a `loggedOut` event is the last. */
  logout(): void {
    if (this.#state === "ended" || this.#state === "leaving") return;
    const session = this.session;
    if (!session) return this.#finish({ type: "loggedOut" });
    this.#state = "leaving";
    if (this.#taken) session.sendSequenceAck(this.#taken);
    session.logout();
  }

  /** Ends without a word and without an event. */
  close(): void {
    if (this.#taken) this.session?.sendSequenceAck(this.#taken);
    this.#finish(null);
  }

  async #attempt(): Promise<void> {
    const { tokens, url, webSocket, kind, resource } = this.#settings;
    try {
      const token = await tokens.get();
      if (this.#state !== "running") return;
      this.#token = token;
      this.#session = new Session({ url, webSocket, kind, token, resource }, this);
    } catch (error) {
      if (this.#state !== "running") return;
      const isPassing = error instanceof TokenError && error.isPassing;
      if (isPassing) this.#lost("noToken", wordsOf(error));
      else this.#finish({ type: "refused", detail: wordsOf(error) });
    }
  }

  // What the session tells

  /** See {@link SessionHolder}. */
  bound(): void {
    this.#boundAtMs = performance.now();
    this.#tell({ type: "connected", uuid: this.#token?.miUserId ?? "" });
    this.#settings.outbox.rewind();
    this.pump();
  }

  /** See {@link SessionHolder}. */
  arrived(arrival: Arrival): void {
    switch (arrival.type) {
      case "ack":
        this.#settings.outbox.answered(arrival.ack);
        return this.pump();
      case "list":
        return this.#takeList(arrival.list);
      case "onlineMessage":
      case "onlineAck":
        return this.#tell(arrival);
      case "unlimited":
        return this.#takeUnlimited(arrival.arrival);
    }
  }

  /** See {@link SessionHolder}. */
  ended(end: SessionEnd): void {
    const session = this.#session;
    this.#session = null;
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    if (this.#boundAtMs !== null && performance.now() - this.#boundAtMs >= GOOD_SESSION_MS) {
      this.#backoff.reset();
    }
    this.#boundAtMs = null;
    if (this.#state === "ended" || !session) return;
    if (this.#state === "leaving") return this.#finish({ type: "loggedOut" });
    switch (end.type) {
      case "lost":
        return this.#lost(end.reason, end.detail);
      case "kicked":
        return this.#kicked(end.words);
      case "refused":
        return this.#refused(end.words);
      case "left":
        return this.#finish({ type: "loggedOut" });
    }
  }

  #kicked(words: Words): void {
    const reason = finalKick(words);
    if (reason) return this.#finish({ type: "kicked", reason });
    if (words.reason === "token-expired") this.#settings.tokens.refused(this.#token?.token ?? "");
    this.#lost("kicked", spell(words));
  }

  #refused(words: Words): void {
    if (!wantsNewToken(words)) return this.#finish({ type: "refused", detail: spell(words) });
    this.#settings.tokens.refused(this.#token?.token ?? "");
    this.#lost("tokenRefused", spell(words));
  }

  #lost(reason: DisconnectReason, detail: string): void {
    const retryInMs = this.#backoff.nextWaitMs();
    this.#retryTimer = setTimeout(() => this.#retryNow(), retryInMs);
    this.#tell({ type: "disconnected", reason, detail, retryInMs });
  }

  /** The wait is over, or the network is back before it. */
  #retryNow(): void {
    if (this.#retryTimer === undefined) return;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    void this.#attempt();
  }

  #finish(last: ClientEvent | null): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#ackTimer);
    globalThis.removeEventListener?.("online", this.#hurry);
    this.#session?.close();
    this.#settings.outbox.close();
    if (last) this.#tell(last);
    this.#settings.inbox.close();
  }

  // Messages

  #takeList(list: List): void {
    const session = this.#session;
    const { inbox } = this.#settings;
    for (const message of list.messages) {
      if (!this.#filter.isNew(message.sequence)) continue;
      const type = "topicId" in message ? "groupMessage" : "message";
      if (!this.#put({ type, message } as ClientEvent)) return;
      inbox.mark(() => {
        this.#taken = message.sequence;
      });
    }
    inbox.mark(() => session?.sendSequenceAck(list.maxSequence));
  }

  #takeUnlimited(arrival: UnlimitedArrival): void {
    this.#settings.unlimited(arrival);
    if (arrival.type === "dismissed") {
      return this.#tell({ type: "unlimitedGroupDismissed", topicId: arrival.topicId });
    }
    if (arrival.type !== "messages") return;
    const session = this.#session;
    const { topicId, messages, maxSequence } = arrival;
    for (const message of messages) {
      if (!this.#filter.isNew(message.sequence)) continue;
      if (!this.#put({ type: "unlimitedGroupMessage", message })) return;
    }
    this.#settings.inbox.mark(() => {
      if (!session) return;
      const ack = groupSequenceAck(session.group(topicId), maxSequence);
      session.sendUnlimited(UcType.sequenceAck, session.nextId(), ack);
    });
  }

  /** An honest server waits for acknowledgements; the rest comes again on the next connection. */
  #put(event: ClientEvent): boolean {
    if (this.#settings.inbox.put(event)) return true;
    this.#session?.giveUp("badServer", "the server does not wait for acknowledgements");
    return false;
  }

  #tell(event: ClientEvent): void {
    this.#settings.watch(event);
    this.#settings.inbox.put(event);
    if (isLast(event)) this.#settings.inbox.close();
  }

  // Patience

  /** A session that does not acknowledge is a dead one. */
  #watchAcks(): void {
    if (this.#ackTimer !== undefined) return;
    const since = this.#settings.outbox.waitingSinceMs;
    if (since === null) return;
    const dueInMs = Math.max(0, since + ACK_WAIT_MS - performance.now());
    this.#ackTimer = setTimeout(() => {
      this.#ackTimer = undefined;
      const oldest = this.#settings.outbox.waitingSinceMs;
      const isOverdue = oldest !== null && performance.now() - oldest >= ACK_WAIT_MS;
      if (isOverdue) this.#session?.giveUp("silent", "no acknowledgement of a message");
      else this.#watchAcks();
    }, dueInMs);
  }
}

function finalKick({ reason, desc }: Words): KickReason | null {
  if (reason === "single-resource-kick") return desc === "sso" ? "singleSignOn" : "replaced";
  return reason === "forbidden" ? "banned" : null;
}

function spell({ type, reason, desc }: Words): string {
  return [type, reason, desc].filter(Boolean).join(" ");
}
