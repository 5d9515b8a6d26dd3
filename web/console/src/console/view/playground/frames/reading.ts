/**
 * Frames as they were pasted, decrypted as far as the keys go. What CONN and its answer say is used
 * for the frames after them, as on a connection.
 */

import {
  ClientHeader,
  decode,
  fromBase64,
  MimcPacket,
  rc4,
  XmMsgBind,
  XmMsgBindResp,
  XmMsgConn,
  XmMsgConnResp,
  XmMsgKick,
} from "@openmimc/sdk/codec";
import { type Fault, type Layout, layouts, parts } from "./layout";
import { hex } from "./pasted";
import { type Node, tree } from "./tree";

export interface Keys {
  /** Of the account, in base64; empty: payloads stay encrypted. */
  securityKey: string;
  /** Of the CONN answer; empty: that of a pasted one. */
  challenge: string;
  /** Of CONN; empty: that of a pasted one, or none. */
  udid: string;
}

export type BodyState = "ping" | "clear" | "decrypted" | "needs-challenge" | "wrong-key";
export type PayloadState = "clear" | "decrypted" | "needs-account" | "wrong-key" | "empty";

export interface Reading {
  layout: Layout;
  body: BodyState;
  cmd?: string;
  header?: Node[];
  /** What `message` is. */
  name?: string;
  payload?: PayloadState;
  message?: Node[];
  /** The payload as it is, where it could not be read. */
  raw?: string;
  fault?: Fault;
}

const encoder = new TextEncoder();

export function read(bytes: Uint8Array, keys: Keys): { frames: Reading[]; fault?: Fault } {
  const { frames, fault } = layouts(bytes);
  const learned = { challenge: keys.challenge, udid: keys.udid };
  return { frames: frames.map((layout) => one(layout, keys.securityKey, learned)), fault };
}

interface Learned {
  challenge: string;
  udid: string;
}

function one(layout: Layout, securityKey: string, learned: Learned): Reading {
  if (layout.checksum === undefined) {
    return { layout, body: "ping", fault: layout.fault };
  }
  const opened = openBody(layout, learned);
  if (opened.parts === undefined) {
    return { layout, body: opened.state, fault: layout.fault, raw: hex(layout.body) };
  }
  const reading: Reading = { layout, body: opened.state, fault: layout.fault };
  try {
    const header = decode(ClientHeader, opened.parts.header);
    reading.cmd = header.cmd;
    reading.header = tree(ClientHeader, opened.parts.header);
    openPayload(reading, header, opened.parts.payload, securityKey, learned);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    reading.fault ??= { kind: "message", at: layout.bodyAt, expected: "ClientHeader", found };
  }
  return reading;
}

function openBody(layout: Layout, { challenge, udid }: Learned) {
  if (layout.version === 5) {
    return { state: "clear" as BodyState, parts: parts(layout.body) };
  }
  const clear = parts(layout.body);
  if (clear !== undefined) {
    return { state: "clear" as BodyState, parts: clear };
  }
  if (challenge === "") {
    return { state: "needs-challenge" as BodyState, parts: undefined };
  }
  const decrypted = parts(rc4(bodyKey(challenge, udid), layout.body));
  const state: BodyState = decrypted === undefined ? "wrong-key" : "decrypted";
  return { state, parts: decrypted };
}

/** Of a connection: half of the challenge and half of the udid, under the challenge. */
export function bodyKey(challenge: string, udid: string): Uint8Array {
  const half = (text: string) => text.slice(Math.floor(text.length / 2));
  return rc4(encoder.encode(challenge), encoder.encode(half(challenge) + half(udid)));
}

function openPayload(
  reading: Reading,
  header: ClientHeader,
  payload: Uint8Array,
  securityKey: string,
  learned: Learned,
) {
  const table = tableOf(header);
  if (payload.length === 0) {
    reading.payload = "empty";
    return;
  }
  let clear = payload;
  reading.payload = "clear";
  if (header.cmd === "SECMSG" && header.cipher === 1) {
    if (securityKey === "") {
      reading.payload = "needs-account";
      reading.raw = hex(payload);
      return;
    }
    clear = rc4(payloadKey(securityKey, header.id ?? ""), payload);
    reading.payload = "decrypted";
  }
  if (table === undefined) {
    reading.raw = hex(clear);
    return;
  }
  try {
    reading.message = tree(table.table, clear);
    reading.name = table.name;
    learn(header, clear, learned);
  } catch (error) {
    reading.raw = hex(payload);
    if (reading.payload === "decrypted") {
      reading.payload = "wrong-key";
      return;
    }
    const found = error instanceof Error ? error.message : String(error);
    reading.fault ??= {
      kind: "message",
      at: reading.layout.at + reading.layout.length,
      expected: table.name,
      found,
    };
  }
}

/** Of one frame: the account's key and the frame's own id. */
function payloadKey(securityKey: string, id: string): Uint8Array {
  const key = fromBase64(securityKey);
  const end = encoder.encode(`_${id}`);
  const whole = new Uint8Array(key.length + end.length);
  whole.set(key);
  whole.set(end, key.length);
  return whole;
}

/** Requests and answers of the same command differ in their direction. */
function tableOf({ cmd, dirFlag }: ClientHeader) {
  const isAnswer = dirFlag === 6;
  switch (cmd) {
    case "CONN":
      return isAnswer
        ? { name: "XMMsgConnResp", table: XmMsgConnResp }
        : { name: "XMMsgConn", table: XmMsgConn };
    case "BIND":
      return isAnswer
        ? { name: "XMMsgBindResp", table: XmMsgBindResp }
        : { name: "XMMsgBind", table: XmMsgBind };
    case "KICK":
      return { name: "XMMsgKick", table: XmMsgKick };
    case "SECMSG":
      return { name: "MIMCPacket", table: MimcPacket };
    default:
      return undefined;
  }
}

function learn({ cmd, dirFlag }: ClientHeader, payload: Uint8Array, learned: Learned) {
  if (cmd !== "CONN") {
    return;
  }
  if (dirFlag === 6) {
    learned.challenge = decode(XmMsgConnResp, payload).challenge ?? learned.challenge;
  } else {
    learned.udid = decode(XmMsgConn, payload).udid ?? learned.udid;
  }
}
