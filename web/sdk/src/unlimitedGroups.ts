import { MimcError } from "./errors.js";
import type { CallOptions, Rest } from "./rest.js";
import type { Session } from "./session.js";
import {
  groupPing,
  groupRequest,
  type UcAnswer,
  UcType,
  type UnlimitedArrival,
} from "./unlimited.js";

/** How long the answer to a JOIN or a QUIT may take. */
export const ANSWER_WAIT_MS = 10_000;
/** A device counts as present in a group for 150 s after its last ping. */
export const PRESENT_EVERY_MS = 60_000;
/** Groups that one client is present in. */
export const PRESENT_GROUPS_MAX = 500;

/** What these groups need of the client that they belong to. */
export interface GroupSide {
  /** The session, when there is one that is logged in. */
  session(): Session | null;
  /** A new packetId. */
  nextId(): string;
}

/**
 * Groups without a limit of members. Messages come as `unlimitedGroupMessage` events, to devices
 * that are present: after {@link UnlimitedGroups.join}, {@link UnlimitedGroups.attend} or
 * {@link UnlimitedGroups.attendAll}. The client stays present over reconnects.
 *
 * A server that has no unlimited groups refuses: `create` and `dismiss` with code 501, `join` and
 * `quit` with code 1, {@link Client.sendToUnlimitedGroup} with code 404.
 *
 * @throws {@link MimcError} of kind `refused` with the server's code, `unreachable`, `noToken` or
 * `badServer`; the signal's reason.
 */
export class UnlimitedGroups {
  readonly #rest: Rest;
  readonly #side: GroupSide;
  readonly #present = new Set<string>();
  readonly #asked = new Map<string, (answer: UcAnswer) => void>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Of the client's account. */
  constructor(rest: Rest, side: GroupSide) {
    this.#rest = rest;
    this.#side = side;
  }

  /**
   * Makes a group that this account owns.
   *
   * @param topicName - Its name.
   * @param options - A signal gives up.
   * @returns The group's id, decimal.
   */
  async create(topicName: string, { signal }: CallOptions = {}): Promise<string> {
    const call = { body: { topicName }, signal };
    const made = await this.#rest.call<{ topicId: string }>("POST", "api/uctopic", call);
    return String(made.topicId);
  }

  /**
   * Ends a group for everybody; for the owner.
   *
   * @param topicId - The group.
   * @param options - A signal gives up.
   */
  async dismiss(topicId: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", "api/uctopic", { headers: { topicId }, signal });
    this.#leave(topicId);
  }

  /**
   * The groups that this account has joined.
   *
   * @param options - A signal gives up.
   * @returns Their ids, decimal.
   */
  async list(options: CallOptions = {}): Promise<string[]> {
    const all = await this.#rest.call<unknown[] | null>("GET", "api/uctopic/topics", options);
    return (all ?? []).map(String);
  }

  /**
   * Joins a group, and is present in it. Needs a connection.
   *
   * @param topicId - The group.
   * @param options - A signal gives up.
   * @throws {@link MimcError} of kind `refused` with the server's code, `unreachable` without a
   * connection, `timedOut` after 10 s without an answer; the signal's reason.
   */
  async join(topicId: string, options: CallOptions = {}): Promise<void> {
    await this.#ask(UcType.join, topicId, options);
    this.attend([topicId]);
  }

  /**
   * Leaves a group. Needs a connection.
   *
   * @param topicId - The group.
   * @param options - A signal gives up.
   * @throws {@link MimcError} as {@link UnlimitedGroups.join}.
   */
  async quit(topicId: string, options: CallOptions = {}): Promise<void> {
    await this.#ask(UcType.quit, topicId, options);
    this.#leave(topicId);
  }

  /**
   * Is present in groups that were joined before.
   *
   * @param topicIds - The groups; 500 at most are attended, further ones are passed over.
   */
  attend(topicIds: readonly string[]): void {
    for (const topicId of topicIds) {
      if (this.#present.size < PRESENT_GROUPS_MAX) this.#present.add(topicId);
    }
    this.connected();
  }

  /**
   * Is present in all groups that the account has joined, 500 at most.
   *
   * @param options - A signal gives up.
   */
  async attendAll(options: CallOptions = {}): Promise<void> {
    this.attend(await this.list(options));
  }

  /** @internal There is a session. */
  connected(): void {
    this.disconnected();
    if (this.#present.size === 0) return;
    this.#ping();
    this.#timer = setInterval(() => this.#ping(), PRESENT_EVERY_MS);
  }

  /** @internal There is none. */
  disconnected(): void {
    clearInterval(this.#timer);
  }

  /** @internal Something came about unlimited groups. */
  arrived(arrival: UnlimitedArrival): void {
    if (arrival.type === "joined" || arrival.type === "quit") {
      this.#asked.get(arrival.answer.packetId)?.(arrival.answer);
    }
    if (arrival.type === "dismissed") this.#leave(arrival.topicId);
  }

  #leave(topicId: string): void {
    this.#present.delete(topicId);
    if (this.#present.size === 0) this.disconnected();
  }

  #ping(): void {
    const session = this.#side.session();
    if (!session) return;
    const groups = [...this.#present].map((topicId) => session.group(topicId));
    session.sendUnlimited(UcType.ping, this.#side.nextId(), groupPing(groups));
  }

  async #ask(type: number, topicId: string, { signal }: CallOptions): Promise<void> {
    signal?.throwIfAborted();
    const session = this.#side.session();
    if (!session) throw new MimcError("unreachable", "not connected");
    const packetId = this.#side.nextId();
    const answered = this.#answer(packetId, signal);
    session.sendUnlimited(type, packetId, groupRequest(session.group(topicId)));
    const answer = await answered;
    if (answer.code !== 0) throw new MimcError("refused", answer.text, answer.code);
  }

  #answer(packetId: string, signal: AbortSignal | undefined): Promise<UcAnswer> {
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#asked.delete(packetId);
      };
      const abort = () => {
        done();
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        done();
        reject(new MimcError("timedOut", "no answer about the group"));
      }, ANSWER_WAIT_MS);
      signal?.addEventListener("abort", abort, { once: true });
      this.#asked.set(packetId, (answer) => {
        done();
        resolve(answer);
      });
    });
  }
}
