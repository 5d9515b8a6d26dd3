/** Messages as trees of named values, as deep as they are known. */

import {
  Compound,
  decode,
  type Field,
  MimcPacket,
  OnlineMessageAck,
  P2pMessage,
  P2tMessage,
  PacketAck,
  Pull,
  RtsSignal,
  SequenceAck,
  type Table,
  UcGroupRequest,
  UcGroupResponse,
  UcMessage,
  UcMessageList,
  UcOnlineUsersResponse,
  UcPacket,
  UcPing,
  UcSequenceAck,
} from "@openmimc/sdk/codec";
import { hex } from "./pasted";

export interface Node {
  name: string;
  /** Of a leaf; bytes as text where they are text, else as hex. */
  value?: string;
  /** What the value means, as the name of a number. */
  note?: string;
  children?: Node[];
}

// biome-ignore lint/suspicious/noExplicitAny: tables of many messages
type AnyTable = Table<any>;

/** What the payload of a packet is, by its type. */
const PACKETS: Record<number, [string, AnyTable | undefined]> = {
  1: ["P2P_MESSAGE", P2pMessage],
  2: ["P2T_MESSAGE", P2tMessage],
  3: ["SEQUENCE_ACK", SequenceAck],
  4: ["PACKET_ACK", PacketAck],
  5: ["PULL", Pull],
  6: ["COMPOUND", Compound],
  7: ["RTS_SIGNAL", RtsSignal],
  8: ["UC_PACKET", UcPacket],
  11: ["ONLINE_MESSAGE", P2pMessage],
  12: ["ONLINE_MESSAGE_ACK", OnlineMessageAck],
};
const UNLIMITED: Record<number, [string, AnyTable | undefined]> = {
  1: ["PING", UcPing],
  2: ["PONG", undefined],
  3: ["JOIN", UcGroupRequest],
  4: ["JOIN_RESP", UcGroupResponse],
  5: ["QUIT", UcGroupRequest],
  6: ["QUIT_RESP", UcGroupResponse],
  7: ["SEQ_ACK", UcSequenceAck],
  8: ["MESSAGE", UcMessage],
  9: ["MESSAGE_LIST", UcMessageList],
  10: ["DISMISS", UcGroupRequest],
  11: ["QUERY_ONLINE_USERS", UcGroupRequest],
  12: ["QUERY_ONLINE_USERS_RESP", UcOnlineUsersResponse],
};

/** Throws a `MalformedError`. */
export function tree(table: AnyTable, bytes: Uint8Array): Node[] {
  return nodes(table, decode(table, bytes) as Record<string, unknown>);
}

function nodes(table: AnyTable, message: Record<string, unknown>): Node[] {
  return (table as readonly Field[]).flatMap((field) => {
    const value = message[field[1]];
    if (value === undefined) {
      return [];
    }
    const all = field[4] ? (value as unknown[]) : [value];
    return all.map((one, at) => node(table, message, field, one, field[4] ? at : undefined));
  });
}

function node(
  table: AnyTable,
  message: Record<string, unknown>,
  [, fieldName, kind, inner]: Field,
  value: unknown,
  at: number | undefined,
): Node {
  const name = at === undefined ? fieldName : `${fieldName} ${at + 1}`;
  if (kind === "message") {
    return { name, children: nodes(inner as AnyTable, value as Record<string, unknown>) };
  }
  if (kind === "bytes") {
    return payload(name, value as Uint8Array, kindsOf(table)?.[Number(message.type)]?.[1]);
  }
  const note = fieldName === "type" ? kindsOf(table)?.[Number(value)]?.[0] : undefined;
  return { name, value: String(value), note };
}

function kindsOf(table: AnyTable) {
  if (table === MimcPacket) {
    return PACKETS;
  }
  return table === UcPacket ? UNLIMITED : undefined;
}

function payload(name: string, bytes: Uint8Array, table: AnyTable | undefined): Node {
  if (table !== undefined) {
    try {
      return { name, children: tree(table, bytes) };
    } catch {
      // Shown as it is.
    }
  }
  return { name, value: readable(bytes), note: `${bytes.length} B` };
}

/** Text without control characters but line breaks, or hex. */
export function readable(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? hex(bytes) : text;
  } catch {
    return hex(bytes);
  }
}
