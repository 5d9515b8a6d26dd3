/** What travels, as an app sees it: messages, receipts. */

import { textOf } from "./bytes.js";

/** To whom a message goes. */
export type Target =
  /** An account of the same app. */
  | { readonly account: string }
  /** The members of a topic. */
  | { readonly topicId: string }
  /** An unlimited group. */
  | { readonly unlimitedGroupId: string };

/** What all messages have. */
abstract class Received {
  /** The sender's name for it, unique among the messages of the sending device. */
  readonly packetId: string;
  /** The account that sent it. */
  readonly fromAccount: string;
  /** The sending device; empty in history. */
  readonly fromResource: string;
  /** Opaque bytes. */
  readonly payload: Uint8Array;
  /** The app's own kind of message, empty when it has none. */
  readonly bizType: string;

  /** Of its parts. */
  constructor(parts: ReceivedParts) {
    this.packetId = parts.packetId;
    this.fromAccount = parts.fromAccount;
    this.fromResource = parts.fromResource;
    this.payload = parts.payload;
    this.bizType = parts.bizType;
  }

  /** The payload as UTF-8. */
  get text(): string {
    return textOf(this.payload);
  }
}

/** The parts of every message. */
export interface ReceivedParts {
  /** The sender's name for it. */
  packetId: string;
  /** The account that sent it. */
  fromAccount: string;
  /** The sending device. */
  fromResource: string;
  /** Opaque bytes. */
  payload: Uint8Array;
  /** The app's own kind of message, or empty. */
  bizType: string;
}

/** The parts of a message that the server keeps. */
export interface StoredParts extends ReceivedParts {
  /** Its place, decimal. */
  sequence: string;
  /** When the server took it, in milliseconds since 1970. */
  timestampMs: number;
}

abstract class Stored extends Received {
  /** Its place, decimal: ascending over everything that a device is given. */
  readonly sequence: string;
  /** When the server took it, in milliseconds since 1970; ascending within a conversation. */
  readonly timestampMs: number;

  /** Of its parts. */
  constructor(parts: StoredParts) {
    super(parts);
    this.sequence = parts.sequence;
    this.timestampMs = parts.timestampMs;
  }
}

/** A message from account to account, just delivered or from history. */
export class Message extends Stored {
  /** Not this client's account for copies of what another device of the account sent. */
  readonly toAccount: string;

  /**
   * The client makes these; so may a test of an app.
   *
   * @param parts - All that is in it.
   */
  constructor(parts: StoredParts & { toAccount: string }) {
    super(parts);
    this.toAccount = parts.toAccount;
  }
}

/** A message to the members of a topic, just delivered or from history. */
export class GroupMessage extends Stored {
  /** The topic, decimal. */
  readonly topicId: string;

  /**
   * The client makes these; so may a test of an app.
   *
   * @param parts - All that is in it.
   */
  constructor(parts: StoredParts & { topicId: string }) {
    super(parts);
    this.topicId = parts.topicId;
  }
}

/** A message for devices that are online now, never kept. */
export class OnlineMessage extends Received {
  /** The sender's uuid, decimal, which an acknowledgement names. */
  readonly fromUuid: string;

  /**
   * The client makes these; so may a test of an app.
   *
   * @param parts - All that is in it.
   */
  constructor(parts: ReceivedParts & { fromUuid: string }) {
    super(parts);
    this.fromUuid = parts.fromUuid;
  }
}

/** A message to an unlimited group. */
export class UnlimitedGroupMessage extends Stored {
  /** The group, decimal. */
  readonly topicId: string;

  /**
   * The client makes these; so may a test of an app.
   *
   * @param parts - All that is in it.
   */
  constructor(parts: StoredParts & { topicId: string }) {
    super(parts);
    this.topicId = parts.topicId;
  }
}

/** The answer of a receiving device to an {@link OnlineMessage}. */
export interface OnlineAck {
  /** Of the message. */
  packetId: string;
  /** The receiver's verdict, 0 when fine. */
  code: number;
  /** Its words. */
  text: string;
}

/** The server has the message safe on disk. */
export interface Receipt {
  /** Of the message. */
  packetId: string;
  /** Its place, decimal. */
  sequence: string;
  /** When it was taken, in milliseconds since 1970. */
  timestampMs: number;
}

/** How a message is to be treated. */
export interface SendOptions {
  /**
   * Whether history keeps it, `true` when absent; delivery and the queue for offline devices do not
   * depend on it.
   */
  isStore?: boolean | undefined;
  /** The app's own kind of message. */
  bizType?: string | undefined;
  /**
   * Names the message, uniquely among those of this device in 7 days: what is sent again under the
   * same id with the same target and payload is stored and delivered once. Absent: a new one.
   */
  packetId?: string | undefined;
  /** Gives the message up; it may have reached the server by then. */
  signal?: AbortSignal | undefined;
}

/** A message on its way: await it for the receipt. */
export type Sending = Promise<Receipt> & {
  /** The message's name, known at once. */
  readonly packetId: string;
};
