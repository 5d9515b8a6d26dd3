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
import { type CallOptions, type Fetch, Rest } from "./rest.js";
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
   * goes on where it stopped. Two clients with one name evict each other. Absent:
   * {@link defaultResource}.
   */
  resource?: string | undefined;
  /** Where the platform has none, such as Node 20: the class of npm's `ws`. */
  webSocket?: WebSocketConstructor | undefined;
  /** For REST, where the platform's `fetch` does not do. */
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
 * It reconnects by itself with growing waits, sends again whatever was not acknowledged, and gives
 * each message once and in order. It stays out after `kicked` and `refused`.
 *
 * Events are for one reader: asking for the next event says that the one before has been dealt
 * with, and only then a message is acknowledged. Whoever is slow to ask is given no more messages
 * than four unacknowledged lists; nothing is lost, and sending is not affected. Without a reader
 * messages wait on the server.
 *
 * @example
 * ```ts
 * const client = new Client({ endpoint, account: "alice", fetchToken });
 * await client.connect();
 * await client.send("bob", "hello");
 * for await (const event of client) {
 *   if (event.type === "message") console.log(event.message.fromAccount, event.message.text);
 * }
 * ```
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

  /**
   * Nothing is sent before {@link Client.connect}.
   *
   * @param options - Whose device it is, and where the server is.
   * @throws TypeError when the endpoint is no `http:` or `https:` address, and where there is no
   * WebSocket.
   */
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
   * Begins to connect, and goes on until it is logged out, closed, kicked or refused. Need not be
   * awaited: messages that are sent before wait for the login.
   *
   * @param options - A signal gives up waiting; the client goes on.
   * @returns Resolves when it is logged in for the first time.
   * @throws {@link MimcError} of kind `ended` when it has ended before; the signal's reason.
   */
  connect({ signal }: CallOptions = {}): Promise<void> {
    if (this.#isConnected) return Promise.resolve();
    if (this.#driver.hasEnded) return unwatched(Promise.reject(ended()));
    const connected = new Promise<void>((resolve, reject) => {
      this.#connecting.push({ resolve, reject });
    });
    this.#driver.start();
    return unwatched(orAborted(connected, signal));
  }

  /**
   * Sends a message to an account: {@link Client.sendTo} says more.
   *
   * @param account - The receiver. An account that nobody has named before comes into being.
   * @param payload - Opaque to the server: bytes, or text that is sent as UTF-8.
   * @param options - How the message is to be treated.
   * @returns The message on its way, to be awaited for its receipt.
   * @throws {@link MimcError} as {@link Client.sendTo}; `refused` with code 403 when the receiver has
   * blocked this account.
   */
  send(account: string, payload: string | Uint8Array, options: SendOptions = {}): Sending {
    return this.sendTo({ account }, payload, options);
  }

  /**
   * Sends a message to the members of a topic: {@link Client.sendTo} says more.
   *
   * @param topicId - The topic. This account must be a member.
   * @param payload - Opaque to the server: bytes, or text that is sent as UTF-8.
   * @param options - How the message is to be treated.
   * @returns The message on its way, to be awaited for its receipt.
   * @throws {@link MimcError} as {@link Client.sendTo}; `refused` with code 403 for one that is no
   * member, 404 when there is no such topic.
   */
  sendToTopic(topicId: string, payload: string | Uint8Array, options: SendOptions = {}): Sending {
    return this.sendTo({ topicId }, payload, options);
  }

  /**
   * Sends a message to an unlimited group: {@link Client.sendTo} says more.
   *
   * @param topicId - The group.
   * @param payload - Opaque to the server: bytes, or text that is sent as UTF-8.
   * @param options - How the message is to be treated.
   * @returns The message on its way, to be awaited for its receipt.
   * @throws {@link MimcError} as {@link Client.sendTo}; `refused` with code 404 when there is no such
   * group, as on a server without unlimited groups.
   */
  sendToUnlimitedGroup(
    topicId: string,
    payload: string | Uint8Array,
    options: SendOptions = {},
  ): Sending {
    return this.sendTo({ unlimitedGroupId: topicId }, payload, options);
  }

  /**
   * Sends a message. It is on its way when this returns, in the order of the calls, and is sent
   * again after every reconnect until the server has it. Who does not want to know need not look at
   * the result.
   *
   * @param to - An account, a topic or an unlimited group.
   * @param payload - Opaque to the server: bytes, or text that is sent as UTF-8. At most 15,360
   * bytes, unless the operator says otherwise.
   * @param options - How the message is to be treated.
   * @returns The message on its way: resolves to its receipt once the server has it on disk.
   * @throws {@link MimcError} of kind `refused` with the server's code, `outboxFull` when too many
   * messages wait, `ended`; the signal's reason.
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
   * connection it is gone. All answers come as `onlineAck` events as well.
   *
   * @param account - The receiver.
   * @param payload - Opaque to the server: bytes, or text that is sent as UTF-8.
   * @param options - To which of its devices, and how long to wait.
   * @returns The message on its way: resolves to the first device's answer.
   * @throws {@link MimcError} of kind `timedOut` when no device answers, at once `unreachable` without
   * a connection, `outboxFull` when 256 others wait for answers; the signal's reason.
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

  /**
   * Tells the sender's device that its online message has arrived, or what is wrong with it. Gone
   * when there is no connection.
   *
   * @param message - What came.
   * @param code - 0 when all is well; else the app's own.
   * @param text - Words for the sender.
   */
  acknowledgeOnline(message: OnlineMessage, code = 0, text = ""): void {
    this.#driver.session?.sendOnlineAck(message, code, text);
  }

  /**
   * What happens, one after the other, until the client has ended.
   *
   * @param options - A signal ends the wait.
   * @returns For one reader: asking for the next event says that the one before has been dealt with.
   * @throws The signal's reason.
   */
  async *events({ signal }: CallOptions = {}): AsyncGenerator<ClientEvent, void> {
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

  /**
   * Makes `for await (const event of client)` work.
   *
   * @returns {@link Client.events}, without a signal.
   */
  [Symbol.asyncIterator](): AsyncGenerator<ClientEvent, void> {
    return this.events();
  }

  /**
   * Logs out: `loggedOut` is the last event. What has no receipt by now gets none.
   *
   * @returns Resolves when the client has ended; never rejects.
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

function named<T>(promise: Promise<T>, packetId: string): Promise<T> & { packetId: string } {
  return Object.assign(unwatched(promise), { packetId });
}

/** Nobody needs to look at it: events say the same, or it does not matter. */
function unwatched<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
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
