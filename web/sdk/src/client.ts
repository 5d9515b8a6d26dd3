/** The handle that an app holds. */

import { Driver } from "./driver.js";
import { endpointOf } from "./endpoint.js";
import { MimcError } from "./errors.js";
import type { ClientEvent } from "./event.js";
import { Ids } from "./ids.js";
import { Inbox } from "./inbox.js";
import type { OnlineAck, OnlineMessage, Receipt, Sending, SendOptions, Target } from "./message.js";
import { Outbox } from "./outbox.js";
import { defaultResource } from "./resource.js";
import { Accounts } from "./rest/accounts.js";
import { Blacklist } from "./rest/blacklist.js";
import { Contacts } from "./rest/contacts.js";
import { History } from "./rest/history.js";
import { Topics } from "./rest/topics.js";
import { type Fetch, Rest } from "./rest.js";
import { payloadOf } from "./session.js";
import { platformWebSocket, type WebSocketConstructor } from "./socket.js";
import { type FetchToken, Tokens } from "./token.js";
import { UnlimitedGroups } from "./unlimitedGroups.js";

/** Of our own releases. */
const KIND = { sdk: 101, model: "openmimc-js" };
/** How long the answer to an online message is waited for. */
export const ONLINE_ACK_WAIT_MS = 5_000;
/** Online messages whose answers are waited for at a time. */
const ONLINE_WAITING_MAX = 256;

/** How to make a {@link Client}. */
export interface ClientOptions {
  /** Address of the server, such as `https://im.example.com`. */
  endpoint: string | URL;
  /** The app, decimal; absent: what the token says. */
  appId?: string | undefined;
  /** The app's own id of its user. */
  account: string;
  /** Gets tokens from the app's own backend. */
  fetchToken: FetchToken;
  /**
   * Names this device of the account, 1 to 256 bytes; the same name again is the same device, which
   * goes on where it stopped. Two clients with one name evict each other. Absent: one that stays
   * the same for a browser profile, and a new one each time where there is no storage.
   */
  resource?: string | undefined;
  /** Where the platform has none, such as Node 20: npm's `ws`. */
  webSocket?: WebSocketConstructor | undefined;
  /** Where the platform's does not do. */
  fetch?: Fetch | undefined;
}

/** How an online message is to be treated. */
export interface OnlineOptions {
  /** One device of the account; absent: all that are online. */
  resource?: string | undefined;
  /** The app's own kind of message. */
  bizType?: string | undefined;
  /** How long the answer is waited for, 5 s when absent. */
  timeoutMs?: number | undefined;
  /** Gives up waiting for the answer. */
  signal?: AbortSignal | undefined;
}

/** An online message on its way: await it for the answer of the first device that answers. */
export type OnlineSending = Promise<OnlineAck> & {
  /** The message's name, known at once. */
  readonly packetId: string;
};

/**
 * One device of an account: sends, and hands over what comes.
 *
 * ```ts
 * const client = new Client({ endpoint, account: "alice", fetchToken });
 * await client.connect();
 * await client.send("bob", "hello");
 * for await (const event of client) {
 *   if (event.type === "message") console.log(event.message.fromAccount, event.message.text);
 * }
 * ```
 *
 * It reconnects by itself with growing waits, sends again whatever was not acknowledged, and gives
 * each message once and in order. It stays out after `kicked` and `refused`.
 *
 * Events are for one reader: asking for the next event says that the one before has been dealt
 * with, and only then a message is acknowledged. Whoever is slow to ask is given no more messages
 * than four unacknowledged lists; nothing is lost, and sending is not affected. Without a reader
 * messages wait on the server.
 */
export class Client implements AsyncIterable<ClientEvent> {
  /** The account of this client. */
  readonly account: string;
  /** Which device of the account this is. */
  readonly resource: string;
  /** What was said. */
  readonly history: History;
  /** Recent conversations. */
  readonly contacts: Contacts;
  /** Groups of members. */
  readonly topics: Topics;
  /** Who may not write to this account. */
  readonly blacklist: Blacklist;
  /** Who is online. */
  readonly accounts: Accounts;
  /** Groups without a limit of members. */
  readonly unlimitedGroups: UnlimitedGroups;
  readonly #driver: Driver;
  readonly #inbox = new Inbox();
  readonly #outbox = new Outbox();
  readonly #ids = new Ids();
  readonly #ended = new AbortController();
  readonly #connecting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  readonly #onlineWaiting = new Map<string, (ack: OnlineAck) => void>();
  #isConnected = false;

  /** Nothing is sent before {@link connect}. */
  constructor(options: ClientOptions) {
    const { base, socket } = endpointOf(options.endpoint);
    this.account = options.account;
    this.resource = options.resource ?? defaultResource();
    const owner = { appId: options.appId ?? null, account: options.account };
    const tokens = new Tokens(options.fetchToken, owner, this.#ended.signal);
    const rest = new Rest(base, tokens, options.fetch ?? ((url, init) => fetch(url, init)));
    this.history = new History(rest, this.account);
    this.contacts = new Contacts(rest);
    this.topics = new Topics(rest);
    this.blacklist = new Blacklist(rest);
    this.accounts = new Accounts(rest);
    this.unlimitedGroups = new UnlimitedGroups(rest, {
      session: () => this.#driver.session,
      nextId: () => this.#ids.next(),
    });
    this.#driver = new Driver({
      url: socket,
      webSocket: options.webSocket ?? platformWebSocket(),
      kind: KIND,
      resource: this.resource,
      tokens,
      inbox: this.#inbox,
      outbox: this.#outbox,
      watch: (event) => this.#watch(event),
      unlimited: (arrival) => this.unlimitedGroups.arrived(arrival),
    });
  }

  /** Whether there is a logged-in session at this moment. */
  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Messages that have no receipt yet. */
  get unacknowledged(): number {
    return this.#outbox.size;
  }

  /**
   * Begins to connect, and goes on until it is logged out, closed, kicked or refused. Resolves when
   * it is logged in for the first time; rejects when it has ended before. The signal gives up
   * waiting only.
   */
  connect({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#isConnected) return Promise.resolve();
    if (this.#driver.hasEnded) return Promise.reject(ended());
    const connected = new Promise<void>((resolve, reject) => {
      this.#connecting.push({ resolve, reject });
    });
    this.#driver.start();
    return orAborted(connected, signal);
  }

  /** Sends a message to an account; see {@link Client.sendTo}. */
  send(account: string, payload: string | Uint8Array, options: SendOptions = {}): Sending {
    return this.sendTo({ account }, payload, options);
  }

  /** Sends a message to the members of a topic. This account must be one. */
  sendToTopic(topicId: string, payload: string | Uint8Array, options: SendOptions = {}): Sending {
    return this.sendTo({ topicId }, payload, options);
  }

  /** Sends a message to an unlimited group. */
  sendToUnlimitedGroup(
    topicId: string,
    payload: string | Uint8Array,
    options: SendOptions = {},
  ): Sending {
    return this.sendTo({ unlimitedGroupId: topicId }, payload, options);
  }

  /**
   * Sends a message. It is on its way when this returns, in the order of the calls, and is sent
   * again after every reconnect until the server has it. Resolves to its receipt; rejects with a
   * `MimcError` of kind `refused`, `outboxFull` or `ended`, or with the reason of the signal. Who
   * does not want to know need not look at the result.
   */
  sendTo(to: Target, payload: string | Uint8Array, options: SendOptions = {}): Sending {
    const { isStore = true, bizType, packetId = this.#ids.next(), signal } = options;
    const message = { packetId, to, payload: payloadOf(payload), isStore, bizType };
    const sending = new Promise<Receipt>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        this.#outbox.abandon(packetId, signal?.reason);
        this.#driver.pump();
      };
      const done = () => signal?.removeEventListener("abort", abort);
      signal?.addEventListener("abort", abort, { once: true });
      this.#outbox.add(message, {
        stored: (receipt) => {
          done();
          resolve(receipt);
        },
        failed: (error) => {
          done();
          reject(error);
        },
      });
    });
    this.#driver.pump();
    return named(sending, packetId);
  }

  /**
   * Sends a message to those devices of an account that are online. It is never kept: without a
   * connection it is gone. Resolves to the first device's answer; rejects with kind `timedOut` when
   * none answers, and at once with `unreachable` without a connection. All answers come as
   * `onlineAck` events as well.
   */
  sendOnline(
    account: string,
    payload: string | Uint8Array,
    options: OnlineOptions = {},
  ): OnlineSending {
    const { resource, bizType, timeoutMs = ONLINE_ACK_WAIT_MS, signal } = options;
    const packetId = this.#ids.next();
    const session = this.#driver.session;
    if (!session) {
      return named(Promise.reject(new MimcError("unreachable", "not connected")), packetId);
    }
    const to = resource === undefined ? {} : { resource };
    session.sendOnline(packetId, { appAccount: account, ...to }, payloadOf(payload), bizType);
    return named(orAborted(this.#onlineAck(packetId, timeoutMs), signal), packetId);
  }

  /** Tells the sender's device that its online message has arrived, or what is wrong with it. */
  acknowledgeOnline(message: OnlineMessage, code = 0, text = ""): void {
    this.#driver.session?.sendOnlineAck(message, code, text);
  }

  /**
   * What happens, one after the other, until the client has ended. The signal ends the wait with
   * its reason.
   */
  async *events({
    signal,
  }: {
    signal?: AbortSignal | undefined;
  } = {}): AsyncGenerator<ClientEvent, void> {
    try {
      for (;;) {
        const event = await this.#inbox.next(signal);
        if (!event) return;
        yield event;
      }
    } finally {
      this.#inbox.done();
    }
  }

  /** See {@link events}. */
  [Symbol.asyncIterator](): AsyncGenerator<ClientEvent, void> {
    return this.events();
  }

  /**
   * Logs out, and resolves when the client has ended: `loggedOut` is its last event. What has no
   * receipt by now gets none.
   */
  logout(): Promise<void> {
    this.#driver.logout();
    return new Promise((resolve) => {
      if (this.#ended.signal.aborted) resolve();
      else this.#ended.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  /** Ends at once, without a logout: the events end, and the device stays known to the server. */
  close(): void {
    this.#driver.close();
    this.#end();
  }

  #watch(event: ClientEvent): void {
    switch (event.type) {
      case "connected":
        this.#isConnected = true;
        for (const { resolve } of this.#connecting.splice(0)) resolve();
        return this.unlimitedGroups.connected();
      case "disconnected":
        this.#isConnected = false;
        return this.unlimitedGroups.disconnected();
      case "onlineAck":
        return this.#onlineWaiting.get(event.ack.packetId)?.(event.ack);
      case "kicked":
        return this.#end(`kicked: ${event.reason}`);
      case "refused":
        return this.#end(`refused: ${event.detail}`);
      case "loggedOut":
        return this.#end();
    }
  }

  #end(why?: string): void {
    this.#isConnected = false;
    for (const { reject } of this.#connecting.splice(0)) reject(ended(why));
    this.unlimitedGroups.disconnected();
    this.#ended.abort();
  }

  #onlineAck(packetId: string, timeoutMs: number): Promise<OnlineAck> {
    return new Promise((resolve, reject) => {
      if (this.#onlineWaiting.size >= ONLINE_WAITING_MAX) {
        return reject(new MimcError("outboxFull", "too many online messages wait for answers"));
      }
      const timer = setTimeout(() => {
        this.#onlineWaiting.delete(packetId);
        reject(new MimcError("timedOut", "no device answered"));
      }, timeoutMs);
      this.#onlineWaiting.set(packetId, (ack) => {
        clearTimeout(timer);
        this.#onlineWaiting.delete(packetId);
        resolve(ack);
      });
    });
  }
}

function ended(why = "the client has ended"): MimcError {
  return new MimcError("ended", why);
}

/** A promise that has a name, and that nobody needs to look at. */
function named<T>(promise: Promise<T>, packetId: string): Promise<T> & { packetId: string } {
  promise.catch(() => {});
  return Object.assign(promise, { packetId });
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
