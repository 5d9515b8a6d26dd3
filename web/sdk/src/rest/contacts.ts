import { fromBase64, textOf } from "../bytes.js";
import { type CallOptions, query, type Rest } from "../rest.js";

/** The last message of a recent conversation. */
export interface LastMessage {
  /** Who sent it. */
  fromAccount: string;
  /** Of the sender, decimal. */
  fromUuid: string;
  /** Decimal. */
  sequence: string;
  /** Opaque bytes. */
  payload: Uint8Array;
  /** The payload as UTF-8. */
  text: string;
  /** The app's own kind of message. */
  bizType: string;
}

/** A recent conversation. */
export interface Contact {
  /** With an account, or in a topic. */
  userType: "USER" | "TOPIC";
  /** The account's uuid or the topicId, decimal. */
  id: string;
  /** The account, or the topic's name. */
  name: string;
  /** Of the last message, in milliseconds since 1970. */
  timestampMs: number;
  /** What was said last. */
  lastMessage: LastMessage;
}

interface RawContact {
  userType: "USER" | "TOPIC";
  id: string;
  name: string;
  timestamp: string | number;
  lastMessage: {
    fromUuid: string;
    fromAccount: string;
    payload: string;
    sequence: string;
    bizType?: string;
  };
}

/**
 * Recent conversations: of the last 30 days, the newest first, at most 1,000.
 *
 * @throws {@link MimcError} of kind `refused` with the server's code, `unreachable`, `noToken` or
 * `badServer`; the signal's reason.
 */
export class Contacts {
  readonly #rest: Rest;

  /** Of the client's account. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /**
   * All of them. A device that logs in for the first time asks for them to have something to show:
   * older messages are not sent to it.
   *
   * @param options - A signal gives up.
   * @returns The newest first, each with its last message.
   */
  list(options: CallOptions = {}): Promise<Contact[]> {
    return this.#ask("GET", "api/contact", options);
  }

  /**
   * Takes an account out of the list until there is a newer message. The history stays.
   *
   * @param account - The other end of the conversation.
   * @param options - A signal gives up.
   * @returns What remains.
   */
  removeAccount(account: string, options: CallOptions = {}): Promise<Contact[]> {
    const whom = query({ member: account });
    return this.#ask("DELETE", `api/contact/p2p/session?${whom}`, options);
  }

  /**
   * The same for a topic.
   *
   * @param topicId - The topic.
   * @param options - A signal gives up.
   * @returns What remains.
   */
  removeTopic(topicId: string, options: CallOptions = {}): Promise<Contact[]> {
    return this.#ask("DELETE", `api/contact/p2t/session?${query({ topicId })}`, options);
  }

  async #ask(method: string, path: string, options: CallOptions): Promise<Contact[]> {
    const raw = await this.#rest.call<RawContact[]>(method, path, options);
    return raw.map(contact);
  }
}

function contact({ userType, id, name, timestamp, lastMessage }: RawContact): Contact {
  const payload = fromBase64(lastMessage.payload);
  return {
    userType,
    id: String(id),
    name,
    timestampMs: Number(timestamp),
    lastMessage: {
      fromAccount: lastMessage.fromAccount,
      fromUuid: String(lastMessage.fromUuid),
      sequence: String(lastMessage.sequence),
      payload,
      text: textOf(payload),
      bizType: lastMessage.bizType ?? "",
    },
  };
}
