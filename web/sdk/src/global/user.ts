/** `MIMCUser`: one device of an account, with the names and manners of the original's web SDK. */

import { MimcError } from "../errors.js";
import { Ids } from "../ids.js";
import type { GroupMessage, Message, Target } from "../message.js";
import { OUTBOX_MESSAGES_MAX } from "../outbox.js";
import { defaultResource } from "../resource.js";
import { type Outgoing, payloadOf, type Words } from "../session.js";
import { type TokenEnvelope, TokenError, wordsOf } from "../token.js";
import type { UnlimitedArrival } from "../unlimited.js";
import { UnlimitedGroups } from "../unlimitedGroups.js";
import { type Configuration, configure, payloadBytesMax } from "./configuration.js";
import { Device, type DeviceHolder } from "./device.js";
import { type Handlers, tell } from "./handlers.js";
import { KnownTopics } from "./knownTopics.js";
import { Received } from "./received.js";

/** From so many digits on, a target may be a topic. */
const MAYBE_TOPIC = /^[0-9]{15,}$/;

/**
 * Gets the token answer from the app's own backend: parsed, a Promise of it, or its JSON text. May
 * ask synchronously.
 *
 * @returns The whole answer of `POST /api/account/token`.
 */
export type FetchTokenFunction = () => TokenEnvelope | string | Promise<TokenEnvelope | string>;

/** What a message holds: bytes, or text that is sent as UTF-8. */
export type Payload = string | Uint8Array;

/**
 * A user of the app on this device. It never reconnects by itself: call {@link MIMCUser.login} from
 * the disconnect handler.
 *
 * @example
 * ```html
 * <script src="https://im.example.com/mimc-min_1_0_0.js"></script>
 * <script>
 *   const user = new MIMCUser("alice");
 *   user.registerFetchToken(() => fetch("/im/token", { method: "POST" }).then((answer) => answer.json()));
 *   user.registerStatusChange((isOnline) => isOnline && user.sendMessage("bob", "hello"));
 *   user.registerP2PMsgHandler((message) => console.log(message.getFromAccount(), message.getPayload()));
 *   user.registerDisconnHandler(() => user.login());
 *   user.login();
 * </script>
 * ```
 */
export class MIMCUser implements DeviceHolder {
  readonly #account: string;
  readonly #resource: string;
  readonly #device: Device;
  readonly #handlers: Partial<Handlers> = {};
  readonly #ids = new Ids();
  #fetchToken: FetchTokenFunction | null = null;
  #topics: KnownTopics | null = null;
  #groups: UnlimitedGroups | null = null;
  /** Messages whose target is being looked up. */
  #looking = 0;

  /**
   * Where the server is, when not where the script came from; and what else is unusual. For all
   * logins from now on.
   *
   * @param changes - What is named changes, the rest stays.
   */
  static configure(changes: Configuration): void {
    configure(changes);
  }

  /**
   * Of the app that the token says, on this browser profile's device.
   *
   * @param appAccount - The app's own id of its user.
   * @throws TypeError when it is empty.
   */
  constructor(appAccount: string | number);
  /**
   * Of an app. Two arguments are never account and resource.
   *
   * @param appId - The app; a token of another one is refused.
   * @param appAccount - The app's own id of its user.
   * @param resource - Names the device; absent: one that stays the same for a browser profile.
   * @throws TypeError when the account is empty.
   */
  constructor(appId: string | number, appAccount: string | number, resource?: string | number);
  constructor(...names: (string | number)[]) {
    const [first, second, third] = names;
    const isBare = second === undefined;
    const account = String((isBare ? first : second) ?? "");
    if (account === "") throw new TypeError("MIMCUser needs an appAccount");
    const resource = third === undefined ? defaultResource() : String(third);
    this.#account = account;
    this.#resource = resource;
    const appId = isBare ? null : (first ?? null);
    const fetchToken = () => this.#fetch();
    this.#device = new Device({ appId, account, resource, fetchToken }, this);
  }

  // Handlers

  /**
   * Where tokens come from; needed before {@link MIMCUser.login}.
   *
   * @param f - Asked at the first login, and again when the server no longer takes the token.
   */
  registerFetchToken(f: FetchTokenFunction): void {
    this.#fetchToken = f;
  }

  /**
   * Tells how a login went, and that the server or a logout has ended it.
   *
   * @param f - Called with whether the user is online, and three words, empty when he is: the server's
   * type, reason and description; or `cancel`, what failed before the server was asked, and why.
   */
  registerStatusChange(f: Handlers["statusChange"]): void {
    this.#handlers.statusChange = f;
  }

  /**
   * Tells what became of a message.
   *
   * @param f - Called with the packetId that sending returned, the message's sequence and time in
   * milliseconds, and why it was refused: empty when the server has it.
   */
  registerServerAckHandler(f: Handlers["serverAck"]): void {
    this.#handlers.serverAck = f;
  }

  /**
   * Takes messages from accounts, once each and in order.
   *
   * @param f - Called with the message.
   */
  registerP2PMsgHandler(f: Handlers["p2pMessage"]): void {
    this.#handlers.p2pMessage = f;
  }

  /**
   * Takes messages of topics, once each and in order.
   *
   * @param f - Called with the message.
   */
  registerGroupMsgHandler(f: Handlers["groupMessage"]): void {
    this.#handlers.groupMessage = f;
  }

  /**
   * Tells that the connection is lost, or was not to be had: the place for another
   * {@link MIMCUser.login}.
   *
   * @param f - Called once per lost connection.
   */
  registerDisconnHandler(f: Handlers["disconnected"]): void {
    this.#handlers.disconnected = f;
  }

  /**
   * Takes messages of unlimited groups. Who has registered it attends all groups that he has joined,
   * from each login on.
   *
   * @param f - Called with the message.
   */
  registerUCMsgHandler(f: Handlers["ucMessage"]): void {
    this.#handlers.ucMessage = f;
  }

  /**
   * Tells how joining an unlimited group went.
   *
   * @param f - Called with the group, 0 or the code of a refusal, its words, and the context given to
   * {@link MIMCUser.joinUnlimitedGroup}.
   */
  registerUCJoinRespHandler(f: Handlers["ucJoinResp"]): void {
    this.#handlers.ucJoinResp = f;
  }

  /**
   * Tells how leaving an unlimited group went.
   *
   * @param f - Called with the group, 0 or the code of a refusal, its words, and the context given to
   * {@link MIMCUser.quitUnlimitedGroup}.
   */
  registerUCQuitRespHandler(f: Handlers["ucQuitResp"]): void {
    this.#handlers.ucQuitResp = f;
  }

  /**
   * Tells that an unlimited group is no more.
   *
   * @param f - Called with the group.
   */
  registerUCDismissHandler(f: Handlers["ucDismiss"]): void {
    this.#handlers.ucDismiss = f;
  }

  /**
   * For servers that say "pull" instead of sending; none does so today.
   *
   * @param f - Never called.
   */
  registerPullNotificationHandler(f: Handlers["pullNotification"]): void {
    this.#handlers.pullNotification = f;
  }

  // Being online

  /**
   * Harmless when logged in or about to be. The status handler tells how it went. Logins that fail
   * one after the other wait longer and longer before they begin, 8 s at most.
   */
  login(): void {
    this.#device.login();
  }

  /** Harmless when not logged in. */
  logout(): void {
    this.#device.logout();
  }

  /**
   * Whether messages can be sent.
   *
   * @returns `true` from the status handler's `true` on.
   */
  isLogin(): boolean {
    return this.#device.session !== null;
  }

  /**
   * Whether there is a connection, logged in or not.
   *
   * @returns Of this moment.
   */
  isConnected(): boolean {
    return this.#device.isConnected;
  }

  /**
   * The token of the last login.
   *
   * @returns Empty before the first.
   */
  getToken(): string {
    return this.#device.token?.token ?? "";
  }

  /**
   * The server's id of the account.
   *
   * @returns Decimal; empty before the first login.
   */
  getUuid(): string {
    return this.#device.token?.miUserId ?? "";
  }

  /**
   * Whose user this is.
   *
   * @returns As it was constructed.
   */
  getAppAccount(): string {
    return this.#account;
  }

  /**
   * Which device this is.
   *
   * @returns As it was constructed, or the default.
   */
  getResource(): string {
    return this.#resource;
  }

  // Sending

  /**
   * Sends to an account, or to a topic when `to` is the id of one of the user's topics: from 15
   * digits on it is looked up first. The order of messages to one target is kept.
   *
   * @param to - An account, or a topic of this user.
   * @param message - What it holds.
   * @param x - A boolean is `isStore`; a string is the app's own kind of message, `bizType`.
   * @param isStore - Whether history keeps it; `true` when absent.
   * @returns The packetId, at once; the ack handler tells what became of it.
   * @throws Error when not logged in, above the size cap, and when too many messages wait.
   */
  sendMessage(
    to: string | number,
    message: Payload,
    x?: boolean | string,
    isStore?: boolean,
  ): string {
    const id = String(to);
    const prepared = this.#prepare(message, x, isStore);
    if (!MAYBE_TOPIC.test(id)) return this.#send({ account: id }, prepared);
    this.#looking += 1;
    this.#knownTopics().resolve(id, (isTopic) => {
      this.#looking -= 1;
      this.#send(isTopic ? { topicId: id } : { account: id }, prepared);
    });
    return prepared.packetId;
  }

  /**
   * Sends to the members of a topic.
   *
   * @param topicId - The topic; a number above 2^53 has lost digits, a string has not.
   * @param message - What it holds.
   * @param x - A boolean is `isStore`; a string is the app's own kind of message, `bizType`.
   * @param isStore - Whether history keeps it; `true` when absent.
   * @returns The packetId, at once; the ack handler tells what became of it.
   * @throws Error as {@link MIMCUser.sendMessage}.
   */
  sendGroupMessage(
    topicId: string | number,
    message: Payload,
    x?: boolean | string,
    isStore?: boolean,
  ): string {
    return this.#send({ topicId: String(topicId) }, this.#prepare(message, x, isStore));
  }

  /** Asks for everything that this device has not acknowledged. Nothing happens when not logged in. */
  pull(): void {
    this.#device.session?.sendPull();
  }

  // Unlimited groups

  /**
   * Makes an unlimited group that this user owns.
   *
   * @param topicName - Its name.
   * @param callback - Called with the group's id, its name, whether it is there, and why not.
   * @returns Resolves to the group's id, decimal.
   * @throws {@link MimcError} of kind `refused`, with code 501 on a server without unlimited groups.
   */
  createUnlimitedGroup(
    topicName: string,
    callback?: (topicId: string, topicName: string, isDone: boolean, errMsg: string) => void,
  ): Promise<string> {
    const made = this.#unlimited().create(topicName);
    if (callback) {
      made.then(
        (topicId) => callback(topicId, topicName, true, ""),
        (error) => callback("", topicName, false, wordsOf(error)),
      );
    }
    return made;
  }

  /**
   * Ends an unlimited group for everybody; for its owner.
   *
   * @param topicId - The group.
   * @param callback - Called with whether it is done, and why not.
   * @returns Resolves when it is done.
   * @throws {@link MimcError} of kind `refused`, with code 501 on a server without unlimited groups.
   */
  dismissUnlimitedGroup(
    topicId: string | number,
    callback?: (isDone: boolean, errMsg: string) => void,
  ): Promise<void> {
    const done = this.#unlimited().dismiss(String(topicId));
    if (callback) {
      done.then(
        () => callback(true, ""),
        (error) => callback(false, wordsOf(error)),
      );
    }
    return done;
  }

  /**
   * Joins an unlimited group, and attends it. The join handler is told how it went.
   *
   * @param topicId - The group.
   * @param context - Given to the handler as it is.
   */
  joinUnlimitedGroup(topicId: string | number, context?: unknown): void {
    const id = String(topicId);
    this.#answer("ucJoinResp", id, this.#unlimited().join(id), context);
  }

  /**
   * Leaves an unlimited group. The quit handler is told how it went.
   *
   * @param topicId - The group.
   * @param context - Given to the handler as it is.
   */
  quitUnlimitedGroup(topicId: string | number, context?: unknown): void {
    const id = String(topicId);
    this.#answer("ucQuitResp", id, this.#unlimited().quit(id), context);
  }

  /**
   * Sends to an unlimited group.
   *
   * @param topicId - The group.
   * @param message - What it holds.
   * @param x - A boolean is `isStore`; a string is the app's own kind of message, `bizType`.
   * @param isStore - Whether history keeps it; `true` when absent.
   * @returns The packetId, at once; the ack handler tells what became of it.
   * @throws Error as {@link MIMCUser.sendMessage}.
   */
  sendUnlimitedGroupMessage(
    topicId: string | number,
    message: Payload,
    x?: boolean | string,
    isStore?: boolean,
  ): string {
    const to = { unlimitedGroupId: String(topicId) };
    return this.#send(to, this.#prepare(message, x, isStore));
  }

  #answer(
    name: "ucJoinResp" | "ucQuitResp",
    topicId: string,
    asked: Promise<void>,
    context: unknown,
  ): void {
    const answered = (code: number, text: string) => {
      tell(this.#handlers, name, topicId, code, text, context);
    };
    asked.then(
      () => answered(0, ""),
      (error) => answered((error instanceof MimcError && error.code) || 1, wordsOf(error)),
    );
  }

  // What the device tells

  /** @internal See {@link DeviceHolder}. */
  statusChanged(isOnline: boolean, { type, reason, desc }: Words): void {
    if (!isOnline) this.#groups?.disconnected();
    tell(this.#handlers, "statusChange", isOnline, type, reason, desc);
    if (isOnline) this.#attendGroups();
  }

  /** @internal See {@link DeviceHolder}. */
  came(message: Message | GroupMessage): void {
    const name = "topicId" in message ? "groupMessage" : "p2pMessage";
    tell(this.#handlers, name, this.#received(message));
  }

  /** @internal See {@link DeviceHolder}. */
  cameUnlimited(arrival: UnlimitedArrival): void {
    this.#unlimited().arrived(arrival);
    if (arrival.type === "dismissed") tell(this.#handlers, "ucDismiss", arrival.topicId);
    if (arrival.type !== "messages") return;
    for (const message of arrival.messages) {
      tell(this.#handlers, "ucMessage", this.#received(message));
    }
  }

  /** @internal See {@link DeviceHolder}. */
  disconnected(): void {
    this.#groups?.disconnected();
    tell(this.#handlers, "disconnected");
  }

  #received(message: ConstructorParameters<typeof Received>[0]): Received {
    return new Received(message, this.#account, this.#resource);
  }

  #fetch(): ReturnType<FetchTokenFunction> {
    if (!this.#fetchToken) throw new TokenError("fetchToken", "registerFetchToken was not called");
    return this.#fetchToken();
  }

  #prepare(message: Payload, x: boolean | string | undefined, isStore = true): Prepared {
    if (!this.isLogin()) throw new Error("not logged in");
    const payload = payloadOf(message instanceof Uint8Array ? message : String(message));
    const max = payloadBytesMax();
    if (payload.length > max) throw new Error(`${payload.length} bytes, at most ${max} allowed`);
    if (this.#device.outbox.size + this.#looking >= OUTBOX_MESSAGES_MAX) {
      throw new Error("too many messages wait for the server");
    }
    return {
      packetId: this.#ids.next(),
      payload,
      isStore: typeof x === "boolean" ? x : isStore,
      bizType: typeof x === "string" ? x : undefined,
    };
  }

  #send(to: Target, prepared: Prepared): string {
    const { packetId } = prepared;
    this.#device.outbox.add(
      { ...prepared, to },
      {
        stored: ({ sequence, timestampMs }) => {
          tell(this.#handlers, "serverAck", packetId, sequence, String(timestampMs), "");
        },
        failed: (error) => {
          tell(this.#handlers, "serverAck", packetId, "0", String(Date.now()), wordsOf(error));
        },
      },
    );
    this.#device.pump();
    return packetId;
  }

  #knownTopics(): KnownTopics {
    this.#topics ??= new KnownTopics(this.#device.rest());
    return this.#topics;
  }

  #unlimited(): UnlimitedGroups {
    this.#groups ??= new UnlimitedGroups(this.#device.rest(), {
      session: () => this.#device.session,
      nextId: () => this.#ids.next(),
    });
    return this.#groups;
  }

  /** Who wants messages of unlimited groups has to be present in them. */
  #attendGroups(): void {
    if (!this.#handlers.ucMessage) return;
    this.#unlimited()
      .attendAll()
      .catch(() => this.#groups?.connected());
  }
}

/** A message without its target. */
type Prepared = Omit<Outgoing, "to">;
