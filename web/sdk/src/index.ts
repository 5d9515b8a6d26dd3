/**
 * Talks to OpenMIMC from browsers and Node: {@link Client} is one device of an account.
 *
 * @packageDocumentation
 */

export { Client, type ClientOptions, type OnlineOptions, type OnlineSending } from "./client.js";
export { type ErrorKind, MimcError } from "./errors.js";
export type { ClientEvent, DisconnectReason, KickReason } from "./event.js";
export {
  GroupMessage,
  Message,
  type OnlineAck,
  OnlineMessage,
  type Receipt,
  type ReceivedParts,
  type Sending,
  type SendOptions,
  type StoredParts,
  type Target,
  UnlimitedGroupMessage,
} from "./message.js";
export { defaultResource } from "./resource.js";
export type { AccountStatus, Accounts } from "./rest/accounts.js";
export type { Blacklist } from "./rest/blacklist.js";
export type { Contact, Contacts, LastMessage } from "./rest/contacts.js";
export type { History, NewestOptions, Page } from "./rest/history.js";
export type { Topic, TopicChanges, TopicMember, TopicRoster, Topics } from "./rest/topics.js";
export type { CallOptions, Fetch } from "./rest.js";
export type { WebSocketConstructor, WebSocketLike } from "./socket.js";
export type { FetchToken, TokenData, TokenEnvelope, TokenRequest } from "./token.js";
export type { UnlimitedGroups } from "./unlimitedGroups.js";
