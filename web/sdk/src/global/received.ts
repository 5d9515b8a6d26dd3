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

  /**
   * The sender's name for it.
   *
   * @returns As sending returned it.
   */
  getPacketId(): string {
    return this.#message.packetId;
  }

  /**
   * Its place among everything that this device is given.
   *
   * @returns Decimal.
   */
  getSequence(): string {
    return this.#message.sequence;
  }

  /**
   * Who sent it.
   *
   * @returns The account.
   */
  getFromAccount(): string {
    return this.#message.fromAccount;
  }

  /**
   * Which device of the sender it came from.
   *
   * @returns The resource.
   */
  getFromResource(): string {
    return this.#message.fromResource;
  }

  /**
   * Who it was sent to.
   *
   * @returns The account; this user's for a message to a group.
   */
  getToAccount(): string {
    return "toAccount" in this.#message ? this.#message.toAccount : this.#account;
  }

  /**
   * Which device it was sent to.
   *
   * @returns This one; empty for copies of what another device of the account sent.
   */
  getToResource(): string {
    return this.getToAccount() === this.#account ? this.#resource : "";
  }

  /**
   * Which group it was sent to.
   *
   * @returns Decimal; `undefined` for a message to an account.
   */
  getTopicId(): string | undefined {
    return "topicId" in this.#message ? this.#message.topicId : undefined;
  }

  /**
   * When the server took it.
   *
   * @returns In milliseconds since 1970, decimal.
   */
  getTimeStamp(): string {
    return String(this.#message.timestampMs);
  }

  /**
   * What it holds, as UTF-8.
   *
   * @returns The text.
   */
  getPayload(): string {
    return this.#message.text;
  }

  /**
   * The app's own kind of message.
   *
   * @returns Empty when it has none.
   */
  getBizType(): string {
    return this.#message.bizType;
  }
}
