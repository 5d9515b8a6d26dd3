/** What comes to a session, decoded. */

import {
  Compound,
  MimcPacket,
  type MimcUser,
  OnlineMessageAck,
  P2pMessage,
  P2tMessage,
  PacketAck,
} from "./generated.js";
import { GroupMessage, Message, type OnlineAck, OnlineMessage } from "./message.js";
import { decode, MalformedError } from "./proto.js";
import { readUnlimited, type UnlimitedArrival } from "./unlimited.js";

/** What a MIMCPacket holds. */
export const PacketType = {
  p2pMessage: 1,
  p2tMessage: 2,
  sequenceAck: 3,
  packetAck: 4,
  pull: 5,
  compound: 6,
  unlimited: 8,
  onlineMessage: 11,
  onlineMessageAck: 12,
} as const;

/** What became of a message of ours. */
export interface Ack {
  packetId: string;
  /** 0 is success. */
  code: number;
  /** Empty on success. */
  text: string;
  /** `0` in a refusal. */
  sequence: string;
  timestampMs: number;
}

/** Messages that are acknowledged together, by the sequence of the last. */
export interface List {
  /** Ascending, at least one. */
  messages: (Message | GroupMessage)[];
  maxSequence: string;
}

/** One thing that the server sent. */
export type Arrival =
  | { type: "ack"; ack: Ack }
  | { type: "list"; list: List }
  | { type: "onlineMessage"; message: OnlineMessage }
  | { type: "onlineAck"; ack: OnlineAck }
  | { type: "unlimited"; arrival: UnlimitedArrival };

/** An application packet for the device that is bound here; `null` when it has no use here. */
export function readPacket(bytes: Uint8Array, uuid: string, resource: string): Arrival | null {
  const packet = decode(MimcPacket, bytes);
  const payload = packet.payload ?? new Uint8Array();
  switch (packet.type) {
    case PacketType.packetAck:
      return { type: "ack", ack: readAck(payload) };
    case PacketType.compound:
      return { type: "list", list: readList(payload, uuid, resource) };
    case PacketType.onlineMessage:
      return { type: "onlineMessage", message: readOnlineMessage(packet, payload) };
    case PacketType.onlineMessageAck:
      return { type: "onlineAck", ack: readOnlineAck(payload) };
    case PacketType.unlimited:
      return { type: "unlimited", arrival: readUnlimited(payload) };
    default:
      return null;
  }
}

function readAck(payload: Uint8Array): Ack {
  const ack = decode(PacketAck, payload);
  return {
    packetId: ack.packetId ?? "",
    code: ack.code ?? 0,
    text: ack.errorMsg ?? "",
    sequence: ack.sequence ?? "0",
    timestampMs: Number(ack.timestamp ?? 0),
  };
}

function readList(payload: Uint8Array, uuid: string, resource: string): List {
  const list = decode(Compound, payload);
  if (list.uuid !== uuid || list.resource !== resource) {
    throw new MalformedError(`a list for ${list.uuid}/${list.resource}`);
  }
  const messages = (list.packets ?? []).map(readMessage);
  const maxSequence = messages[messages.length - 1]?.sequence;
  if (!maxSequence || maxSequence !== list.maxSequence) {
    throw new MalformedError("a list that does not end with its maxSequence");
  }
  return { messages, maxSequence };
}

function readMessage(bytes: Uint8Array): Message | GroupMessage {
  const packet = decode(MimcPacket, bytes);
  const payload = packet.payload ?? new Uint8Array();
  if (packet.type === PacketType.p2pMessage) {
    const inner = decode(P2pMessage, payload);
    const toAccount = inner.to?.appAccount ?? "";
    return new Message({ ...storedParts(packet, inner), toAccount });
  }
  if (packet.type === PacketType.p2tMessage) {
    const inner = decode(P2tMessage, payload);
    const topicId = inner.to?.topicId ?? "0";
    return new GroupMessage({ ...storedParts(packet, inner), topicId });
  }
  throw new MalformedError("a list with something else than messages");
}

interface Inner {
  from?: MimcUser;
  payload?: Uint8Array;
  bizType?: string;
}

function storedParts(packet: MimcPacket, inner: Inner) {
  return {
    ...parts(packet, inner),
    sequence: packet.sequence ?? "0",
    timestampMs: Number(packet.timestamp ?? 0),
  };
}

function parts(packet: MimcPacket, inner: Inner) {
  return {
    packetId: packet.packetId ?? "",
    fromAccount: inner.from?.appAccount ?? "",
    fromResource: inner.from?.resource ?? "",
    payload: inner.payload ?? new Uint8Array(),
    bizType: inner.bizType ?? "",
  };
}

function readOnlineMessage(packet: MimcPacket, payload: Uint8Array): OnlineMessage {
  const inner = decode(P2pMessage, payload);
  return new OnlineMessage({ ...parts(packet, inner), fromUuid: inner.from?.uuid ?? "0" });
}

function readOnlineAck(payload: Uint8Array): OnlineAck {
  const ack = decode(OnlineMessageAck, payload);
  return { packetId: ack.packetId ?? "", code: ack.code ?? 0, text: ack.errorMsg ?? "" };
}
