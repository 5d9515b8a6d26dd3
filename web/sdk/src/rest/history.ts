import { fromBase64 } from "../bytes.js";
import { GroupMessage, Message, type StoredParts } from "../message.js";
import type { CallOptions, Rest } from "../rest.js";

/**
 * Messages of a conversation, ascending.
 *
 * @typeParam M - {@link Message} or {@link GroupMessage}.
 */
export interface Page<M> {
  /** As many as were found. */
  messages: M[];
  /**
   * Of the earliest message, in milliseconds since 1970, 0 without any: `beforeMs` of the page
   * before this one.
   */
  earliestMs: number;
}

/** The newest messages before a moment. */
export interface NewestOptions extends CallOptions {
  /** Messages before this moment, in milliseconds since 1970; absent: up to now. */
  beforeMs?: number | undefined;
  /** 1 to 200, 20 when absent. */
  count?: number | undefined;
}

const COUNT = 20;
/** A clock of this device that goes slow must not hide the newest messages. */
const FAR_AHEAD_MS = 24 * 3_600_000;

interface RawMessage {
  sequence: string;
  payload: string;
  ts: number;
  fromAccount: string;
  senderAccount?: string;
  toAccount?: string;
  topicId?: string;
  bizType?: string;
  packetId?: string;
}

interface RawPage {
  messages: RawMessage[];
  timestamp: number | string;
}

/**
 * What was said: kept for half a year unless the operator says otherwise.
 *
 * @throws {@link MimcError} of kind `refused` with the server's code, `unreachable`, `noToken` or
 * `badServer`; the signal's reason.
 */
export class History {
  readonly #rest: Rest;
  readonly #account: string;

  /** Of the conversations of `account`. */
  constructor(rest: Rest, account: string) {
    this.#rest = rest;
    this.#account = account;
  }

  /**
   * The newest messages with an account, both ways. Asking again with `beforeMs` = `earliestMs`
   * walks the whole history, without gap and without overlap.
   *
   * @param account - The other end of the conversation.
   * @param options - How many, and before when.
   * @returns Ascending; fewer than asked for: there is nothing earlier.
   * @example
   * ```ts
   * let beforeMs: number | undefined;
   * for (;;) {
   *   const { messages, earliestMs } = await client.history.withAccount("bob", { beforeMs });
   *   if (messages.length === 0) break;
   *   show(messages);
   *   beforeMs = earliestMs;
   * }
   * ```
   */
  withAccount(account: string, options: NewestOptions = {}): Promise<Page<Message>> {
    return this.#p2p("queryOnCount", account, newest(options), options);
  }

  /**
   * Messages with an account from one moment to another. More than 1,000: the newest of them.
   *
   * @param account - The other end of the conversation.
   * @param fromMs - In milliseconds since 1970, inclusive.
   * @param toMs - Exclusive, at most a day later.
   * @param options - A signal gives up.
   * @returns Ascending.
   */
  withAccountBetween(
    account: string,
    fromMs: number,
    toMs: number,
    options: CallOptions = {},
  ): Promise<Page<Message>> {
    return this.#p2p("queryOnTime", account, between(fromMs, toMs), options);
  }

  /**
   * Messages with an account from one sequence to another. More than 1,000: the newest of them.
   *
   * @param account - The other end of the conversation.
   * @param start - Decimal, inclusive.
   * @param stop - Decimal, exclusive.
   * @param options - A signal gives up.
   * @returns Ascending.
   */
  withAccountBySequence(
    account: string,
    start: string,
    stop: string,
    options: CallOptions = {},
  ): Promise<Page<Message>> {
    return this.#p2p("queryOnSequence", account, bySequence(start, stop), options);
  }

  /**
   * The newest messages of a topic; for members, who see what was said before they joined as well.
   *
   * @param topicId - The topic.
   * @param options - How many, and before when.
   * @returns Ascending; fewer than asked for: there is nothing earlier.
   */
  ofTopic(topicId: string, options: NewestOptions = {}): Promise<Page<GroupMessage>> {
    return this.#p2t("queryOnCount", topicId, newest(options), options);
  }

  /**
   * Messages of a topic from one moment to another. More than 1,000: the newest of them.
   *
   * @param topicId - The topic.
   * @param fromMs - In milliseconds since 1970, inclusive.
   * @param toMs - Exclusive, at most a day later.
   * @param options - A signal gives up.
   * @returns Ascending.
   */
  ofTopicBetween(
    topicId: string,
    fromMs: number,
    toMs: number,
    options: CallOptions = {},
  ): Promise<Page<GroupMessage>> {
    return this.#p2t("queryOnTime", topicId, between(fromMs, toMs), options);
  }

  /**
   * Messages of a topic from one sequence to another. More than 1,000: the newest of them.
   *
   * @param topicId - The topic.
   * @param start - Decimal, inclusive.
   * @param stop - Decimal, exclusive.
   * @param options - A signal gives up.
   * @returns Ascending.
   */
  ofTopicBySequence(
    topicId: string,
    start: string,
    stop: string,
    options: CallOptions = {},
  ): Promise<Page<GroupMessage>> {
    return this.#p2t("queryOnSequence", topicId, bySequence(start, stop), options);
  }

  async #p2p(
    route: string,
    toAccount: string,
    range: object,
    { signal }: CallOptions,
  ): Promise<Page<Message>> {
    const body = { fromAccount: this.#account, toAccount, ...range };
    const page = await this.#page(`api/msg/p2p/${route}`, body, signal);
    return pageOf(page, (raw) => new Message({ ...parts(raw), toAccount: raw.toAccount ?? "" }));
  }

  async #p2t(
    route: string,
    topicId: string,
    range: object,
    { signal }: CallOptions,
  ): Promise<Page<GroupMessage>> {
    const body = { account: this.#account, topicId, ...range };
    const page = await this.#page(`api/msg/p2t/${route}`, body, signal);
    return pageOf(page, (raw) => new GroupMessage({ ...parts(raw), topicId }));
  }

  #page(path: string, body: object, signal: AbortSignal | undefined): Promise<RawPage> {
    return this.#rest.call("POST", path, { body, signal });
  }
}

function newest({ beforeMs, count = COUNT }: NewestOptions): object {
  return { utcToTime: String(beforeMs ?? Date.now() + FAR_AHEAD_MS), count: String(count) };
}

function between(fromMs: number, toMs: number): object {
  return { utcFromTime: String(fromMs), utcToTime: String(toMs) };
}

function bySequence(startSeq: string, stopSeq: string): object {
  return { startSeq, stopSeq };
}

function pageOf<M>(page: RawPage, read: (raw: RawMessage) => M): Page<M> {
  return { messages: page.messages.map(read), earliestMs: Number(page.timestamp) };
}

function parts(raw: RawMessage): StoredParts {
  return {
    packetId: raw.packetId ?? "",
    // By sequence, a topic's history says the topic where the sender stands elsewhere.
    fromAccount: raw.senderAccount ?? raw.fromAccount,
    fromResource: "",
    payload: fromBase64(raw.payload),
    bizType: raw.bizType ?? "",
    sequence: String(raw.sequence),
    timestampMs: Number(raw.ts),
  };
}
