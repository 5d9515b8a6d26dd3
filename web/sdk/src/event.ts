/** What happens to a client, in the order in which it happens. */

import type {
  GroupMessage,
  Message,
  OnlineAck,
  OnlineMessage,
  UnlimitedGroupMessage,
} from "./message.js";

/** Why there is no connection for now. */
export type DisconnectReason =
  /** Nobody answers at the server's address. */
  | "unreachable"
  /** The server closed the connection, or the network did. */
  | "closed"
  /** Pings, messages or the login got no answer in time. */
  | "silent"
  /** An operator ended the session. */
  | "kicked"
  /** The token is no longer good: a new one is fetched. */
  | "tokenRefused"
  /** There is no token for now. */
  | "noToken"
  /** What came was not this protocol. */
  | "badServer";

/** Why the server ended a session for good. */
export type KickReason =
  /**
   * The same account and resource logged in elsewhere. Two clients that both came back would evict
   * each other for ever.
   */
  | "replaced"
  /** Another device logged in as the only one. */
  | "singleSignOn"
  /** The account or the app was banned. */
  | "banned";

/**
 * One thing that happened. After `kicked`, `refused` and `loggedOut` nothing follows.
 */
export type ClientEvent =
  /**
   * Logged in as the account with this uuid, for the first time or again. What waited for this
   * device follows.
   */
  | { readonly type: "connected"; readonly uuid: string }
  /**
   * The connection is gone, or could not be made. The client tries again by itself, and sends again
   * whatever was not acknowledged.
   */
  | {
      readonly type: "disconnected";
      readonly reason: DisconnectReason;
      /** Words for people who look for the cause. */
      readonly detail: string;
      /** When it tries again. */
      readonly retryInMs: number;
    }
  /**
   * A message, once for each, ascending by sequence. Asking for the next event acknowledges it: the
   * server will not send it to this device again.
   */
  | { readonly type: "message"; readonly message: Message }
  /** The same for a message to a topic. */
  | { readonly type: "groupMessage"; readonly message: GroupMessage }
  /** A message that is not kept. */
  | { readonly type: "onlineMessage"; readonly message: OnlineMessage }
  /** Another device's answer to an online message. */
  | { readonly type: "onlineAck"; readonly ack: OnlineAck }
  /** A message to an unlimited group. */
  | { readonly type: "unlimitedGroupMessage"; readonly message: UnlimitedGroupMessage }
  /** An unlimited group is no more. */
  | { readonly type: "unlimitedGroupDismissed"; readonly topicId: string }
  /** The server ended the session for good: the client stays out. */
  | { readonly type: "kicked"; readonly reason: KickReason }
  /** The server or `fetchToken` will not let this client in. */
  | { readonly type: "refused"; readonly detail: string }
  /** As the app wished. */
  | { readonly type: "loggedOut" };

/** Whether nothing can follow. */
export function isLast(event: ClientEvent): boolean {
  return event.type === "kicked" || event.type === "refused" || event.type === "loggedOut";
}
