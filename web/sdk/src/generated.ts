// Generated from proto/mimc.proto by `cargo xtask codec`. Not to be edited.

import type { Table } from "./proto.js";

/** Precedes every payload. Server headers are canonical: ascending fields, minimal varints. */
export interface ClientHeader {
  /** Channel, always 9. */
  chid?: number;
  /** Account of the binding, or of the one that asks for it. */
  uuid?: string;
  /** Always `xiaomi.com`. */
  server?: string;
  /** Device of the account, 1-256 bytes. */
  resource?: string;
  /** CONN, BIND, PING, UBND, SECMSG, KICK. */
  cmd?: string;
  subcmd?: string;
  /** Names this frame: an answer repeats it, and the key of a SECMSG payload ends with it. */
  id?: string;
  /** CS_ONEWAY 1, CS_REQ 2, CS_RESP 3, SC_ONEWAY 4, SC_REQ 5, SC_RESP 6. */
  dirFlag?: number;
  /** What the payload is encrypted with: 0 nothing, 1 RC4. */
  cipher?: number;
  errCode?: number;
  errStr?: string;
}

export const ClientHeader: Table<ClientHeader> = [
  [1, "chid", "int32"],
  [2, "uuid", "int64"],
  [3, "server", "string"],
  [4, "resource", "string"],
  [5, "cmd", "string"],
  [6, "subcmd", "string"],
  [7, "id", "string"],
  [8, "dirFlag", "int32"],
  [9, "cipher", "int32"],
  [10, "errCode", "int32"],
  [11, "errStr", "string"],
];

/** CONN, client to server: what the client is. */
export interface XmMsgConn {
  /** Protocol version, 106. */
  version?: number;
  model?: string;
  /** `macOs` is the Go client, `macOS` without sdk the C# client. */
  os?: string;
  /** Half of the body key. Random text, or absent. */
  udid?: string;
  /** Release of the client: web 31, Java and C++ 33, our own from 100. */
  sdk?: number;
  connpt?: string;
  /** Address that the client connected to. */
  host?: string;
  locale?: string;
  andver?: number;
}

export const XmMsgConn: Table<XmMsgConn> = [
  [1, "version", "uint32"],
  [2, "model", "string"],
  [3, "os", "string"],
  [4, "udid", "string"],
  [5, "sdk", "int32"],
  [6, "connpt", "string"],
  [7, "host", "string"],
  [8, "locale", "string"],
  [10, "andver", "int32"],
];

/** CONN, server to client. Never encrypted. */
export interface XmMsgConnResp {
  /** 16-32 ASCII letters and digits, new for each connection. */
  challenge?: string;
  host?: string;
}

export const XmMsgConnResp: Table<XmMsgConnResp> = [
  [1, "challenge", "string"],
  [2, "host", "string"],
];

/** BIND, client to server: which device of which account this connection is. */
export interface XmMsgBind {
  token?: string;
  /** Signed as `0`, sent as `0` or empty. */
  kick?: string;
  /** `XIAOMI-PASS`. */
  method?: string;
  clientAttrs?: string;
  cloudAttrs?: string;
  /** base64 of the SHA-1 of the text to sign. */
  sig?: string;
  /** True ends all other sessions of the account. */
  sso?: boolean;
}

export const XmMsgBind: Table<XmMsgBind> = [
  [1, "token", "string"],
  [2, "kick", "string"],
  [3, "method", "string"],
  [4, "clientAttrs", "string"],
  [5, "cloudAttrs", "string"],
  [6, "sig", "string"],
  [7, "sso", "bool"],
];

/** BIND, server to client. All four are always written. */
export interface XmMsgBindResp {
  result?: boolean;
  errorType?: string;
  errorReason?: string;
  errorDesc?: string;
}

export const XmMsgBindResp: Table<XmMsgBindResp> = [
  [1, "result", "bool"],
  [2, "errorType", "string"],
  [3, "errorReason", "string"],
  [4, "errorDesc", "string"],
];

/** KICK, server to client: this binding has ended. */
export interface XmMsgKick {
  /** `wait` or `cancel`: whether binding again may help. */
  type?: string;
  reason?: string;
  desc?: string;
}

export const XmMsgKick: Table<XmMsgKick> = [
  [1, "type", "string"],
  [2, "reason", "string"],
  [3, "desc", "string"],
];

/** The payload of a SECMSG. */
export interface MimcPacket {
  /** Unique per sender only. */
  packetId?: string;
  /** App package, as in the token. */
  package?: string;
  /** Increasing per receiving account, 1 to 2^63 - 1. */
  sequence?: string;
  /**
   * P2P_MESSAGE 1, P2T_MESSAGE 2, SEQUENCE_ACK 3, PACKET_ACK 4, PULL 5, COMPOUND 6, RTS_SIGNAL 7,
   * UC_PACKET 8, ONLINE_MESSAGE 11, ONLINE_MESSAGE_ACK 12.
   */
  type?: number;
  /** The message that `type` names. */
  payload?: Uint8Array;
  /** Milliseconds since 1970. Clients write seconds, local time or nothing. */
  timestamp?: string;
  conversation?: boolean;
  convIndex?: string;
}

export const MimcPacket: Table<MimcPacket> = [
  [1, "packetId", "string"],
  [2, "package", "string"],
  [3, "sequence", "int64"],
  [4, "type", "int32"],
  [5, "payload", "bytes"],
  [6, "timestamp", "int64"],
  [7, "conversation", "bool"],
  [8, "convIndex", "int64"],
];

export interface MimcUser {
  appId?: string;
  /** The app's own id of the account. */
  appAccount?: string;
  /** Ours. 0 means nothing. */
  uuid?: string;
  /** Empty means nothing. */
  resource?: string;
}

export const MimcUser: Table<MimcUser> = [
  [1, "appId", "uint64"],
  [2, "appAccount", "string"],
  [3, "uuid", "uint64"],
  [4, "resource", "string"],
];

/** Names a topic, of members or unlimited. */
export interface MimcGroup {
  appId?: string;
  topicId?: string;
}

export const MimcGroup: Table<MimcGroup> = [
  [1, "appId", "uint64"],
  [2, "topicId", "uint64"],
];

/** P2P_MESSAGE and ONLINE_MESSAGE: to one account. */
export interface P2pMessage {
  from?: MimcUser;
  to?: MimcUser;
  /** The app's own bytes. */
  payload?: Uint8Array;
  /** Whether history keeps it. */
  isStore?: boolean;
  bizType?: string;
}

export const P2pMessage: Table<P2pMessage> = [
  [1, "from", "message", MimcUser],
  [2, "to", "message", MimcUser],
  [3, "payload", "bytes"],
  [4, "isStore", "bool"],
  [5, "bizType", "string"],
];

/** P2T_MESSAGE: to the members of a topic. */
export interface P2tMessage {
  from?: MimcUser;
  to?: MimcGroup;
  /** The app's own bytes. */
  payload?: Uint8Array;
  /** Whether history keeps it. */
  isStore?: boolean;
  bizType?: string;
}

export const P2tMessage: Table<P2tMessage> = [
  [1, "from", "message", MimcUser],
  [2, "to", "message", MimcGroup],
  [3, "payload", "bytes"],
  [4, "isStore", "bool"],
  [5, "bizType", "string"],
];

/** SEQUENCE_ACK, client to server: everything up to `sequence` has arrived on this device. */
export interface SequenceAck {
  uuid?: string;
  resource?: string;
  sequence?: string;
  appId?: string;
}

export const SequenceAck: Table<SequenceAck> = [
  [1, "uuid", "uint64"],
  [2, "resource", "string"],
  [3, "sequence", "int64"],
  [4, "appId", "uint64"],
];

/** PACKET_ACK, server to client: what became of a packet. uuid and resource are the sender's. */
export interface PacketAck {
  packetId?: string;
  uuid?: string;
  resource?: string;
  /** 0 in a refusal. */
  sequence?: string;
  /** Milliseconds since 1970. */
  timestamp?: string;
  package?: string;
  /** Empty on success. */
  errorMsg?: string;
  /** 0 success, 400, 401, 403, 404, 413, 429, 500, 503. */
  code?: number;
  convIndex?: string;
}

export const PacketAck: Table<PacketAck> = [
  [1, "packetId", "string"],
  [2, "uuid", "uint64"],
  [3, "resource", "string"],
  [4, "sequence", "int64"],
  [5, "timestamp", "int64"],
  [6, "package", "string"],
  [7, "errorMsg", "string"],
  [8, "code", "int32"],
  [9, "convIndex", "int64"],
];

/** PULL, client to server: send again what this device has not acknowledged. */
export interface Pull {
  uuid?: string;
  resource?: string;
  appId?: string;
}

export const Pull: Table<Pull> = [
  [1, "uuid", "uint64"],
  [2, "resource", "string"],
  [3, "appId", "uint64"],
];

/** COMPOUND, server to client: a list of P2P or of P2T messages, sorted by sequence. */
export interface Compound {
  uuid?: string;
  resource?: string;
  maxSequence?: string;
  /**
   * Each an encoded MimcPacket. Declared as bytes, which looks the same on the wire, so that a packet
   * is encoded once and embedded for each receiver.
   */
  packets?: Uint8Array[];
  /** NORMAL 1, EXCEED_COUNT_LIMIT 2. */
  status?: number;
  minSequence?: string;
}

export const Compound: Table<Compound> = [
  [1, "uuid", "uint64"],
  [2, "resource", "string"],
  [3, "maxSequence", "int64"],
  [4, "packets", "bytes", undefined, true],
  [5, "status", "int32"],
  [6, "minSequence", "int64"],
];

/** RTS_SIGNAL: call signalling, relayed as it is. */
export interface RtsSignal {
  type?: number;
  callId?: string;
  callType?: number;
  uuid?: string;
  resource?: string;
  payload?: Uint8Array;
  regionBucket?: string;
}

export const RtsSignal: Table<RtsSignal> = [
  [1, "type", "int32"],
  [2, "callId", "uint64"],
  [3, "callType", "int32"],
  [4, "uuid", "uint64"],
  [5, "resource", "string"],
  [6, "payload", "bytes"],
  [7, "regionBucket", "uint64"],
];

/** ONLINE_MESSAGE_ACK: from the receiving device to the device that it names. */
export interface OnlineMessageAck {
  packetId?: string;
  uuid?: string;
  resource?: string;
  code?: number;
  errorMsg?: string;
}

export const OnlineMessageAck: Table<OnlineMessageAck> = [
  [1, "packetId", "string"],
  [2, "uuid", "uint64"],
  [3, "resource", "string"],
  [4, "code", "int32"],
  [5, "errorMsg", "string"],
];

/** UC_PACKET: the envelope of unlimited groups. All four fields are always present. */
export interface UcPacket {
  /** The sender; in server packets the receiving connection's. */
  user?: MimcUser;
  /**
   * PING 1, PONG 2, JOIN 3, JOIN_RESP 4, QUIT 5, QUIT_RESP 6, SEQ_ACK 7, MESSAGE 8, MESSAGE_LIST 9,
   * DISMISS 10, QUERY_ONLINE_USERS 11, QUERY_ONLINE_USERS_RESP 12.
   */
  type?: number;
  /** The message that `type` names. */
  payload?: Uint8Array;
  /** A response repeats the request's. */
  packetId?: string;
}

export const UcPacket: Table<UcPacket> = [
  [1, "user", "message", MimcUser],
  [2, "type", "int32"],
  [3, "payload", "bytes"],
  [4, "packetId", "string"],
];

/** JOIN, QUIT, DISMISS and QUERY_ONLINE_USERS. */
export interface UcGroupRequest {
  group?: MimcGroup;
}

export const UcGroupRequest: Table<UcGroupRequest> = [
  [1, "group", "message", MimcGroup],
];

/** JOIN_RESP and QUIT_RESP. */
export interface UcGroupResponse {
  group?: MimcGroup;
  /** 0 success. */
  code?: number;
  message?: string;
}

export const UcGroupResponse: Table<UcGroupResponse> = [
  [1, "group", "message", MimcGroup],
  [2, "code", "int32"],
  [3, "message", "string"],
];

/** QUERY_ONLINE_USERS_RESP. */
export interface UcOnlineUsersResponse {
  group?: MimcGroup;
  /** Accounts that are present. */
  count?: string;
}

export const UcOnlineUsersResponse: Table<UcOnlineUsersResponse> = [
  [1, "group", "message", MimcGroup],
  [2, "count", "uint64"],
];

/** PING: the groups that the device is present in. */
export interface UcPing {
  group?: MimcGroup[];
}

export const UcPing: Table<UcPing> = [
  [1, "group", "message", MimcGroup, true],
];

export interface UcMessage {
  group?: MimcGroup;
  /** The app's own bytes. */
  payload?: Uint8Array;
  sequence?: string;
  /** Whether history keeps it. */
  isStore?: boolean;
  user?: MimcUser;
  /** Milliseconds since 1970. */
  timestamp?: string;
  packetId?: string;
  bizType?: string;
}

export const UcMessage: Table<UcMessage> = [
  [1, "group", "message", MimcGroup],
  [2, "payload", "bytes"],
  [3, "sequence", "int64"],
  [4, "isStore", "bool"],
  [5, "user", "message", MimcUser],
  [6, "timestamp", "int64"],
  [7, "packetId", "string"],
  [8, "bizType", "string"],
];

/** MESSAGE_LIST, server to client. */
export interface UcMessageList {
  group?: MimcGroup;
  message?: UcMessage[];
  maxSequence?: string;
}

export const UcMessageList: Table<UcMessageList> = [
  [1, "group", "message", MimcGroup],
  [2, "message", "message", UcMessage, true],
  [3, "maxSequence", "int64"],
];

/** SEQ_ACK, client to server: everything of the group up to `sequence` has arrived. */
export interface UcSequenceAck {
  group?: MimcGroup;
  sequence?: string;
}

export const UcSequenceAck: Table<UcSequenceAck> = [
  [1, "group", "message", MimcGroup],
  [2, "sequence", "int64"],
];
