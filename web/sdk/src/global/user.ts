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

type FetchTokenFunction = () => TokenEnvelope | string | Promise<TokenEnvelope | string>;
type Payload = string | Uint8Array;

/** A user of the app on this device. It never reconnects by itself: call {@link login} again. */
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

  /** Where the server is, when not where the script came from. */
  static configure(changes: Configuration): void {
    configure(changes);
  }

  /** `(appAccount)`, `(appId, appAccount)` or `(appId, appAccount, resource)`. */
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

  /** `f` returns the token answer, a Promise of it, or its JSON text. */
  registerFetchToken(f: FetchTokenFunction): void {
    this.#fetchToken = f;
  }

  /** `f(isOnline, type, reason, desc)`. */
  registerStatusChange(f: Handlers["statusChange"]): void {
    this.#handlers.statusChange = f;
  }

  /** `f(packetId, sequence, timeStamp, errMsg)`; errMsg is empty when the server has it. */
  registerServerAckHandler(f: Handlers["serverAck"]): void {
    this.#handlers.serverAck = f;
  }

  /** `f(message)`. */
  registerP2PMsgHandler(f: Handlers["p2pMessage"]): void {
    this.#handlers.p2pMessage = f;
  }

  /** `f(message)`. */
  registerGroupMsgHandler(f: Handlers["groupMessage"]): void {
    this.#handlers.groupMessage = f;
  }

  /** `f()`, once per lost connection. */
  registerDisconnHandler(f: Handlers["disconnected"]): void {
    this.#handlers.disconnected = f;
  }

  /** `f(message)`. */
  registerUCMsgHandler(f: Handlers["ucMessage"]): void {
    this.#handlers.ucMessage = f;
  }

  /** `f(topicId, code, message, context)`. */
  registerUCJoinRespHandler(f: Handlers["ucJoinResp"]): void {
    this.#handlers.ucJoinResp = f;
  }

  /** `f(topicId, code, message, context)`. */
  registerUCQuitRespHandler(f: Handlers["ucQuitResp"]): void {
    this.#handlers.ucQuitResp = f;
  }

  /** `f(topicId)`. */
  registerUCDismissHandler(f: Handlers["ucDismiss"]): void {
    this.#handlers.ucDismiss = f;
  }

  /** For servers that say "pull" instead of sending; none does so today. */
  registerPullNotificationHandler(f: Handlers["pullNotification"]): void {
    this.#handlers.pullNotification = f;
  }

  // Being online

  /**
   * Harmless when logged in or about to be. The status handler tells how it went. Logins that fail
   * one after the other wait longer and longer before they begin.
   */
  login(): void {
    this.#device.login();
  }

  /** Harmless when not logged in. */
  logout(): void {
    this.#device.logout();
  }

  /** Whether messages can be sent. */
  isLogin(): boolean {
    return this.#device.session !== null;
  }

  /** Whether there is a connection, logged in or not. */
  isConnected(): boolean {
    return this.#device.isConnected;
  }

  /** Of the last login; empty before. */
  getToken(): string {
    return this.#device.token?.token ?? "";
  }

  /** Of the account, decimal; empty before the first login. */
  getUuid(): string {
    return this.#device.token?.miUserId ?? "";
  }

  /** As it was constructed. */
  getAppAccount(): string {
    return this.#account;
  }

  /** As it was constructed, or the default. */
  getResource(): string {
    return this.#resource;
  }

  // Sending

  /**
   * To an account, or to a topic when `to` is the id of one of the user's topics. Returns the
   * packetId at once; the ack handler tells what became of it. Throws when not logged in, and when
   * the message is too large.
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

  /** To the members of a topic; otherwise as {@link sendMessage}. */
  sendGroupMessage(
    topicId: string | number,
    message: Payload,
    x?: boolean | string,
    isStore?: boolean,
  ): string {
    return this.#send({ topicId: String(topicId) }, this.#prepare(message, x, isStore));
  }

  /** Asks for everything that this device has not acknowledged. */
  pull(): void {
    this.#device.session?.sendPull();
  }

  // Unlimited groups

  /** Resolves to the id of the group; `callback(topicId, topicName, isDone, errMsg)` as well. */
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

  /** `callback(isDone, errMsg)` as well. */
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

  /** The join handler is told how it went, together with `context`. */
  joinUnlimitedGroup(topicId: string | number, context?: unknown): void {
    const id = String(topicId);
    this.#answer("ucJoinResp", id, this.#unlimited().join(id), context);
  }

  /** The quit handler is told how it went, together with `context`. */
  quitUnlimitedGroup(topicId: string | number, context?: unknown): void {
    const id = String(topicId);
    this.#answer("ucQuitResp", id, this.#unlimited().quit(id), context);
  }

  /** To an unlimited group; otherwise as {@link sendMessage}. */
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
