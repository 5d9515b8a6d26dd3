/**
 * The engine of a `MIMCUser`: logs in when told to, serves the session until it ends, and says so.
 * What had no acknowledgement by then is sent again after the next login, under the same packetId.
 */

import type { Arrival, List } from "../arrival.js";
import { Backoff } from "../backoff.js";
import { Filter } from "../filter.js";
import type { GroupMessage, Message } from "../message.js";
import { Outbox } from "../outbox.js";
import { Rest } from "../rest.js";
import {
  Session,
  type SessionEnd,
  type SessionHolder,
  type Words,
  wantsNewToken,
} from "../session.js";
import { type FetchToken, type TokenData, TokenError, Tokens, wordsOf } from "../token.js";
import { groupSequenceAck, UcType, type UnlimitedArrival } from "../unlimited.js";
import { endpoint, request, webSocket } from "./configuration.js";

/** What the original's web SDK says about itself. */
const KIND = { sdk: 31, model: "Netscape" };
/** Pages log in again from their disconnect callback, over and over while a server is away. */
const LOGIN_WAIT_MAX_MS = 8_000;
/** After a session that lasted this long the next login is not delayed. */
const GOOD_SESSION_MS = 5_000;
const LOGGED_OUT: Words = { type: "wait", reason: "logout", desc: "logout" };

/** Who has the device. */
export interface DeviceHolder {
  /** Logged in, or not, with the reason. */
  statusChanged(isOnline: boolean, words: Words): void;
  /** A message, once. */
  came(message: Message | GroupMessage): void;
  /** About unlimited groups. */
  cameUnlimited(arrival: UnlimitedArrival): void;
  /** The connection is lost, or was not to be had. */
  disconnected(): void;
}

/** Which device. */
export interface DeviceSettings {
  appId: string | number | null;
  account: string;
  resource: string;
  fetchToken: FetchToken;
}

/** The engine. */
export class Device implements SessionHolder {
  /** What is not acknowledged. */
  readonly outbox = new Outbox();
  readonly #settings: DeviceSettings;
  readonly #holder: DeviceHolder;
  readonly #tokens: Tokens;
  readonly #filter = new Filter();
  readonly #backoff = new Backoff(LOGIN_WAIT_MAX_MS);
  #state: "out" | "waiting" | "loggingIn" | "in" | "leaving" = "out";
  /** Of the login under way: what an older one still brings is left out. */
  #attempt = 0;
  #session: Session | null = null;
  #token: TokenData | null = null;
  #isTokenUsed = false;
  #boundAtMs = 0;
  #waitMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wantsLogin = false;

  /** Does nothing before {@link login}. */
  constructor(settings: DeviceSettings, holder: DeviceHolder) {
    this.#settings = settings;
    this.#holder = holder;
    const { appId, account, fetchToken } = settings;
    this.#tokens = new Tokens(fetchToken, { appId, account }, new AbortController().signal);
  }

  /** The session, when there is one that is logged in. */
  get session(): Session | null {
    return this.#session?.isBound ? this.#session : null;
  }

  /** Whether there is a connection, logged in or not. */
  get isConnected(): boolean {
    return this.#session?.isOpen ?? false;
  }

  /** Of the last login. */
  get token(): TokenData | null {
    return this.#token;
  }

  /** REST in the name of the account. */
  rest(): Rest {
    return new Rest(endpoint().base, this.#tokens, request);
  }

  /** Harmless when logged in or about to be. Delayed when logins fail one after the other. */
  login(): void {
    if (this.#state === "leaving") this.#wantsLogin = true;
    if (this.#state !== "out") return;
    this.#state = "waiting";
    this.#timer = setTimeout(() => this.#begin(), this.#waitMs);
    this.#waitMs = 0;
  }

  /** Harmless when not logged in. */
  logout(): void {
    this.#wantsLogin = false;
    if (this.#state === "in") {
      this.#state = "leaving";
      this.#session?.logout();
    } else if (this.#state !== "leaving") {
      this.#reset();
    }
  }

  /** Writes what waits in the outbox. */
  pump(): void {
    const session = this.session;
    if (session) this.outbox.writeTo((message) => session.sendMessage(message));
  }

  #begin(): void {
    this.#state = "loggingIn";
    this.#attempt += 1;
    void this.#logIn(this.#attempt);
  }

  async #logIn(attempt: number): Promise<void> {
    try {
      const { socket: url } = endpoint();
      const token = await this.#tokens.get();
      if (attempt !== this.#attempt) return;
      this.#isTokenUsed = token === this.#token;
      this.#token = token;
      const { resource } = this.#settings;
      const settings = { url, webSocket: webSocket(), kind: KIND, token, resource };
      this.#session = new Session(settings, this);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(wordsFor(error));
    }
  }

  /** Out, whatever was under way. */
  #reset(): void {
    this.#state = "out";
    this.#attempt += 1;
    clearTimeout(this.#timer);
    const session = this.#session;
    this.#session = null;
    session?.close();
  }

  // What the session tells

  /** See {@link SessionHolder}. */
  bound(): void {
    this.#state = "in";
    this.#boundAtMs = performance.now();
    this.#holder.statusChanged(true, { type: "", reason: "", desc: "" });
    this.outbox.rewind();
    this.pump();
  }

  /** See {@link SessionHolder}. */
  arrived(arrival: Arrival): void {
    switch (arrival.type) {
      case "ack":
        this.outbox.answered(arrival.ack);
        return this.pump();
      case "list":
        return this.#takeList(arrival.list);
      case "unlimited":
        return this.#takeUnlimited(arrival.arrival);
    }
  }

  /** See {@link SessionHolder}. */
  ended(end: SessionEnd): void {
    if (this.#session === null) return;
    const wasLeaving = this.#state === "leaving";
    this.#schedule();
    this.#reset();
    if (wasLeaving) return this.#left();
    switch (end.type) {
      case "refused":
        return this.#refused(end.words);
      case "kicked":
        return this.#kicked(end.words);
      default:
        return this.#holder.disconnected();
    }
  }

  #left(): void {
    this.#holder.statusChanged(false, LOGGED_OUT);
    if (this.#wantsLogin) this.login();
  }

  /** A token that was good once may have expired since: a new one is tried before the page hears. */
  #refused(words: Words): void {
    if (!wantsNewToken(words)) return this.#failed(words);
    this.#tokens.refused(this.#token?.token ?? "");
    if (this.#isTokenUsed) this.#begin();
    else this.#failed(words);
  }

  /** After one of these our SDKs stay out, and a page that only hears of lost connections does. */
  #kicked(words: Words): void {
    if (words.reason === "token-expired") this.#tokens.refused(this.#token?.token ?? "");
    const isFinal = words.reason === "single-resource-kick" || words.reason === "forbidden";
    this.#holder.statusChanged(false, words);
    if (!isFinal) this.#holder.disconnected();
  }

  #failed(words: Words): void {
    this.#reset();
    this.#holder.statusChanged(false, words);
  }

  /** How long the next login waits: not at all after a good session. */
  #schedule(): void {
    const isGood = this.#state === "in" && performance.now() - this.#boundAtMs >= GOOD_SESSION_MS;
    if (isGood) this.#backoff.reset();
    this.#waitMs = isGood ? 0 : this.#backoff.nextWaitMs();
  }

  // Messages

  #takeList(list: List): void {
    const session = this.#session;
    for (const message of list.messages) {
      if (this.#filter.isNew(message.sequence)) this.#holder.came(message);
    }
    session?.sendSequenceAck(list.maxSequence);
  }

  #takeUnlimited(arrival: UnlimitedArrival): void {
    if (arrival.type !== "messages") return this.#holder.cameUnlimited(arrival);
    const session = this.#session;
    const messages = arrival.messages.filter((one) => this.#filter.isNew(one.sequence));
    this.#holder.cameUnlimited({ ...arrival, messages });
    if (!session) return;
    const ack = groupSequenceAck(session.group(arrival.topicId), arrival.maxSequence);
    session.sendUnlimited(UcType.sequenceAck, session.nextId(), ack);
  }
}

function wordsFor(error: unknown): Words {
  const reason = error instanceof TokenError ? error.field : "login";
  return { type: "cancel", reason, desc: wordsOf(error) };
}
