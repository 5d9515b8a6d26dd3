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

/** Topics: groups of members. All calls reject with `MimcError`. */
export class Topics {
  readonly #rest: Rest;

  /** Of the client's account. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Makes a topic that this account owns, with these accounts as members besides. */
  async create(
    topicName: string,
    accounts: readonly string[] = [],
    options: CallOptions & { extra?: string } = {},
  ): Promise<TopicRoster> {
    const { extra, signal } = options;
    const body = { topicName, accounts: accounts.join(","), extra };
    return this.#rest.call("POST", await this.#path(), { body, signal });
  }

  /** The topic and its members; for members. */
  async get(topicId: string, options: CallOptions = {}): Promise<TopicRoster> {
    return this.#rest.call("GET", await this.#path(topicId), options);
  }

  /** The topics that this account is a member of, in the order of joining. */
  async list(options: CallOptions = {}): Promise<Topic[]> {
    return this.#rest.call("GET", await this.#path("account"), options);
  }

  /** Adds members; any member may. Those who are members already stay. */
  async invite(
    topicId: string,
    accounts: readonly string[],
    { signal }: CallOptions = {},
  ): Promise<TopicRoster> {
    const body = { accounts: accounts.join(",") };
    return this.#rest.call("POST", await this.#path(topicId, "accounts"), { body, signal });
  }

  /** Leaves; an owner cannot before handing the topic over. */
  async leave(topicId: string, options: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", await this.#path(topicId, "account"), options);
  }

  /** Takes members out; for the owner. */
  async remove(
    topicId: string,
    accounts: readonly string[],
    options: CallOptions = {},
  ): Promise<TopicRoster> {
    const whom = query({ accounts: accounts.join(",") });
    return this.#rest.call("DELETE", `${await this.#path(topicId, "accounts")}?${whom}`, options);
  }

  /** Changes the topic; for the owner. */
  async update(
    topicId: string,
    changes: TopicChanges,
    { signal }: CallOptions = {},
  ): Promise<TopicRoster> {
    const body = { ...changes, topicId };
    return this.#rest.call("PUT", await this.#path(topicId), { body, signal });
  }

  /** Ends the topic for everybody; for the owner. */
  async dismiss(topicId: string, options: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", await this.#path(topicId), options);
  }

  async #path(...parts: string[]): Promise<string> {
    const appId = await this.#rest.appId();
    return ["api/topic", ...[appId, ...parts].map(encodeURIComponent)].join("/");
  }
}
