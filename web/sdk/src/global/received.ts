import type { GroupMessage, Message, UnlimitedGroupMessage } from "../message.js";

/** A message as pages of the original SDK read it; 64-bit values are decimal strings. */
export class Received {
  readonly #message: Message | GroupMessage | UnlimitedGroupMessage;
  readonly #account: string;
  readonly #resource: string;

  /** That came to this device of this account. */
  constructor(
    message: Message | GroupMessage | UnlimitedGroupMessage,
    account: string,
    resource: string,
  ) {
    this.#message = message;
    this.#account = account;
    this.#resource = resource;
  }

  /** The sender's name for it. */
  getPacketId(): string {
    return this.#message.packetId;
  }

  /** Its place among everything that this device is given. */
  getSequence(): string {
    return this.#message.sequence;
  }

  /** The account that sent it. */
  getFromAccount(): string {
    return this.#message.fromAccount;
  }

  /** The device that sent it. */
  getFromResource(): string {
    return this.#message.fromResource;
  }

  /** The account that it was sent to; this one for a message to a group. */
  getToAccount(): string {
    return "toAccount" in this.#message ? this.#message.toAccount : this.#account;
  }

  /** This device; empty for copies of what another device of the account sent. */
  getToResource(): string {
    return this.getToAccount() === this.#account ? this.#resource : "";
  }

  /** The group that it was sent to; `undefined` for a message to an account. */
  getTopicId(): string | undefined {
    return "topicId" in this.#message ? this.#message.topicId : undefined;
  }

  /** When the server took it, in milliseconds since 1970. */
  getTimeStamp(): string {
    return String(this.#message.timestampMs);
  }

  /** Its bytes as UTF-8. */
  getPayload(): string {
    return this.#message.text;
  }

  /** The app's own kind of message, empty when it has none. */
  getBizType(): string {
    return this.#message.bizType;
  }
}
