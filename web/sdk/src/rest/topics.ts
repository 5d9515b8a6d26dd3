import { type CallOptions, query, type Rest } from "../rest.js";

/** What a topic is. */
export interface Topic {
  /** 17 or 18 decimal digits. */
  topicId: string;
  /** Decimal. */
  ownerUuid: string;
  /** The owner. */
  ownerAccount: string;
  /** Its name. */
  topicName: string;
  /** What its owner has pinned up; empty when nothing. */
  bulletin: string;
  /** The app's own text. */
  extra: string;
}

/** A member of a topic. */
export interface TopicMember {
  /** Decimal. */
  uuid: string;
  /** The app's own id of the account. */
  account: string;
}

/** A topic and its members in the order of joining. */
export interface TopicRoster {
  /** The topic. */
  topicInfo: Topic;
  /** Its owner among them. */
  members: TopicMember[];
}

/** What its owner may change; absent stays as it is. */
export interface TopicChanges {
  /** Hands the topic over to another member. */
  ownerAccount?: string;
  /** Up to 256 bytes. */
  topicName?: string;
  /** Up to 4 KiB; an empty one is taken down. */
  bulletin?: string;
  /** Up to 4 KiB. */
  extra?: string;
}

/**
 * Topics: groups of members. The server tells nobody of a change: whoever makes one says so in a
 * message to the topic.
 *
 * @throws {@link MimcError} of kind `refused`, with code 500 when this account may not do it or there
 * is no such topic; `unreachable`, `noToken` or `badServer`; the signal's reason.
 */
export class Topics {
  readonly #rest: Rest;

  /** Of the client's account. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /**
   * Makes a topic that this account owns.
   *
   * @param topicName - Up to 256 bytes.
   * @param accounts - Its members besides; they come into being when nobody has named them before.
   * @param options - The app's own text for the topic; a signal gives up.
   * @returns The topic and its members.
   */
  async create(
    topicName: string,
    accounts: readonly string[] = [],
    options: CallOptions & { extra?: string } = {},
  ): Promise<TopicRoster> {
    const { extra, signal } = options;
    const body = { topicName, accounts: accounts.join(","), extra };
    return this.#rest.call("POST", await this.#path(), { body, signal });
  }

  /**
   * The topic and its members; for members.
   *
   * @param topicId - The topic.
   * @param options - A signal gives up.
   * @returns The members in the order of joining.
   */
  async get(topicId: string, options: CallOptions = {}): Promise<TopicRoster> {
    return this.#rest.call("GET", await this.#path(topicId), options);
  }

  /**
   * The topics that this account is a member of.
   *
   * @param options - A signal gives up.
   * @returns In the order of joining.
   */
  async list(options: CallOptions = {}): Promise<Topic[]> {
    return this.#rest.call("GET", await this.#path("account"), options);
  }

  /**
   * Adds members; any member may. Those who are members already stay.
   *
   * @param topicId - The topic.
   * @param accounts - Whom to add. Would there be too many members then, nobody is added.
   * @param options - A signal gives up.
   * @returns The topic as it is now.
   */
  async invite(
    topicId: string,
    accounts: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<TopicRoster> {
    const body = { accounts: accounts.join(",") };
    return this.#rest.call("POST", await this.#path(topicId, "accounts"), { body, signal });
  }

  /**
   * Leaves; an owner cannot before handing the topic over.
   *
   * @param topicId - The topic.
   * @param options - A signal gives up.
   */
  async leave(topicId: string, options: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", await this.#path(topicId, "account"), options);
  }

  /**
   * Takes members out; for the owner, who always stays.
   *
   * @param topicId - The topic.
   * @param accounts - Whom to take out; those who are no members are passed over.
   * @param options - A signal gives up.
   * @returns The topic as it is now.
   */
  async remove(
    topicId: string,
    accounts: readonly string[],
    options: CallOptions = {},
  ): Promise<TopicRoster> {
    const whom = query({ accounts: accounts.join(",") });
    return this.#rest.call("DELETE", `${await this.#path(topicId, "accounts")}?${whom}`, options);
  }

  /**
   * Changes the topic; for the owner.
   *
   * @param topicId - The topic.
   * @param changes - What is to be otherwise.
   * @param options - A signal gives up.
   * @returns The topic as it is now.
   */
  async update(
    topicId: string,
    changes: TopicChanges,
    { signal }: CallOptions = {},
  ): Promise<TopicRoster> {
    const body = { ...changes, topicId };
    return this.#rest.call("PUT", await this.#path(topicId), { body, signal });
  }

  /**
   * Ends the topic for everybody; for the owner. Its history can no longer be read.
   *
   * @param topicId - The topic.
   * @param options - A signal gives up.
   */
  async dismiss(topicId: string, options: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", await this.#path(topicId), options);
  }

  async #path(...parts: string[]): Promise<string> {
    const appId = await this.#rest.appId();
    return ["api/topic", ...[appId, ...parts].map(encodeURIComponent)].join("/");
  }
}
