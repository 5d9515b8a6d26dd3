/** The sub-protocol of unlimited groups: what travels inside an UC_PACKET. */

import {
  type MimcGroup,
  UcGroupRequest,
  UcGroupResponse,
  UcMessage,
  UcMessageList,
  UcPacket,
  UcPing,
  UcSequenceAck,
} from "./generated.js";
import { UnlimitedGroupMessage } from "./message.js";
import { decode, encode } from "./proto.js";

/** What an UC_PACKET holds. */
export const UcType = {
  ping: 1,
  join: 3,
  joinResp: 4,
  quit: 5,
  quitResp: 6,
  sequenceAck: 7,
  message: 8,
  messageList: 9,
  dismiss: 10,
} as const;

/** The answer to a JOIN or a QUIT. */
export interface UcAnswer {
  /** Of the request. */
  packetId: string;
  topicId: string;
  /** 0 is success. */
  code: number;
  /** The server's words. */
  text: string;
}

/** One thing that came about unlimited groups. */
export type UnlimitedArrival =
  | { type: "joined" | "quit"; answer: UcAnswer }
  | { type: "messages"; topicId: string; messages: UnlimitedGroupMessage[]; maxSequence: string }
  | { type: "dismissed"; topicId: string }
  | { type: "other" };

/** Reads an UC_PACKET. */
export function readUnlimited(bytes: Uint8Array): UnlimitedArrival {
  const packet = decode(UcPacket, bytes);
  const payload = packet.payload ?? new Uint8Array();
  switch (packet.type) {
    case UcType.joinResp:
      return { type: "joined", answer: readAnswer(packet, payload) };
    case UcType.quitResp:
      return { type: "quit", answer: readAnswer(packet, payload) };
    case UcType.messageList:
      return readMessages(payload);
    case UcType.dismiss:
      return { type: "dismissed", topicId: topicOf(decode(UcGroupRequest, payload).group) };
    default:
      return { type: "other" };
  }
}

function readAnswer(packet: UcPacket, payload: Uint8Array): UcAnswer {
  const answer = decode(UcGroupResponse, payload);
  return {
    packetId: packet.packetId ?? "",
    topicId: topicOf(answer.group),
    code: answer.code ?? 0,
    text: answer.message ?? "",
  };
}

function readMessages(payload: Uint8Array): UnlimitedArrival {
  const list = decode(UcMessageList, payload);
  const topicId = topicOf(list.group);
  const messages = (list.message ?? []).map((message) => readMessage(message, topicId));
  return { type: "messages", topicId, messages, maxSequence: list.maxSequence ?? "0" };
}

function readMessage(message: UcMessage, topicId: string): UnlimitedGroupMessage {
  return new UnlimitedGroupMessage({
    packetId: message.packetId ?? "",
    fromAccount: message.user?.appAccount ?? "",
    fromResource: message.user?.resource ?? "",
    payload: message.payload ?? new Uint8Array(),
    bizType: message.bizType ?? "",
    sequence: message.sequence ?? "0",
    timestampMs: Number(message.timestamp ?? 0),
    topicId,
  });
}

function topicOf(group: MimcGroup | undefined): string {
  return group?.topicId ?? "0";
}

/** The payload of JOIN, QUIT and DISMISS. */
export function groupRequest(group: MimcGroup): Uint8Array {
  return encode(UcGroupRequest, { group });
}

/** The payload of PING: present in these groups. */
export function groupPing(group: MimcGroup[]): Uint8Array {
  return encode(UcPing, { group });
}

/** The payload of SEQ_ACK: everything of the group up to here has arrived. */
export function groupSequenceAck(group: MimcGroup, sequence: string): Uint8Array {
  return encode(UcSequenceAck, { group, sequence });
}

/** The payload of MESSAGE. */
export function groupMessage(message: UcMessage): Uint8Array {
  return encode(UcMessage, message);
}
