import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { concat, fromBase64, utf8 } from "../src/bytes.js";
import { open, seal } from "../src/frame.js";
import {
  type ClientHeader,
  Compound,
  MimcPacket,
  P2pMessage,
  PacketAck,
  Pull,
  SequenceAck,
  UcGroupRequest,
  UcPacket,
  XmMsgBind,
  XmMsgBindResp,
  XmMsgConn,
  XmMsgConnResp,
  XmMsgKick,
} from "../src/generated.js";
import { bindSignature, cipher, clear } from "../src/keys.js";
import { decode, encode } from "../src/proto.js";
import { hex, unhex } from "./bytes.js";

const address = new URL("../../../proto/vectors.json", import.meta.url);
const file = JSON.parse(readFileSync(address, "utf8"));
// The file's only number is one of 19 digits.
const appId = "2882303761517613988";
const { account, uuid, resource, securityKey, token, challenge, peer } = file.inputs;
const pkg = file.inputs.package;
const key = fromBase64(securityKey);
const self = { appId, appAccount: account, uuid, resource };
const server = { chid: 9, uuid, server: "xiaomi.com", resource };

function vector(start: string): Uint8Array {
  const found = file.vectors.find((one: { name: string }) => one.name.startsWith(start));
  return unhex(found.value);
}

function idOf(name: string): string {
  return open(vector(name)).header.id as string;
}

test("the file says which app, with all its digits", () => {
  expect(readFileSync(address, "utf8")).toContain(`"appId": ${appId}`);
});

test("the signature is the vector's", () => {
  const headerId = "Pfx_1";
  const signed = { challenge, uuid: String(uuid), resource, headerId, token, securityKey };
  expect(bindSignature(signed)).toBe("8Vor/Mjn85WkVcHosbzGDd7yYVU=");
});

test("W1, CONN's answer", () => {
  const header = { chid: 9, server: "xiaomi.com", cmd: "CONN", id: idOf("W1") };
  const head = { ...header, dirFlag: 6, cipher: 0 };
  const answer = { challenge, host: "fe1" };
  both("W1", head, encode(XmMsgConnResp, answer));
  expect(decode(XmMsgConnResp, open(vector("W1")).payload)).toEqual(answer);
});

test("W2, BIND's answer", () => {
  const answer = { result: true, errorType: "", errorReason: "", errorDesc: "" };
  const header = { ...named(server, "BIND", idOf("W2")), dirFlag: 6, cipher: 0 };
  both("W2", header, encode(XmMsgBindResp, answer));
  expect(decode(XmMsgBindResp, open(vector("W2")).payload)).toEqual(answer);
});

test("W3, a list", () => {
  const header = { ...named(server, "SECMSG", "srv_2"), dirFlag: 4, cipher: 1 };
  const inner = {
    from: { appId, appAccount: peer, uuid: "5644457684405248", resource: "bobRes" },
    to: { appId, appAccount: account, uuid: String(uuid) },
    payload: utf8("hi alice"),
    isStore: true,
    bizType: "TEXT",
  };
  const frame = open(vector("W3"));
  const packet = decode(MimcPacket, clear(key, frame.header, frame.payload));
  const list = decode(Compound, packet.payload as Uint8Array);
  const item = decode(MimcPacket, list.packets?.[0] as Uint8Array);
  const message = decode(P2pMessage, item.payload as Uint8Array);
  expect({ ...message, from: { ...message.from, uuid: "5644457684405248" } }).toEqual(inner);
  expect(list.maxSequence).toBe("1002");
  const again = encode(MimcPacket, {
    ...packet,
    payload: encode(Compound, {
      ...list,
      packets: [encode(MimcPacket, { ...item, payload: encode(P2pMessage, message) })],
    }),
  });
  both("W3", header, cipher(key, "srv_2", again));
});

test("W4, an acknowledgement", () => {
  const header = { ...named(server, "SECMSG", "srv_1"), dirFlag: 4, cipher: 1 };
  const timestamp = "1700000000123";
  const ack = {
    packetId: "Pfx_2",
    uuid: String(uuid),
    resource,
    sequence: "1001",
    timestamp,
    package: pkg,
    errorMsg: "",
    code: 0,
  };
  const packet = { packetId: "srv_1", package: pkg, sequence: "1001", type: 4, timestamp };
  const whole = encode(MimcPacket, { ...packet, payload: encode(PacketAck, ack) });
  both("W4", header, cipher(key, "srv_1", whole));
});

test("W5, a pong", () => {
  const header = { ...named(server, "PING", idOf("W5")), dirFlag: 6, cipher: 0 };
  both("W5", header, new Uint8Array());
});

test("W6, a KICK", () => {
  const kick = { type: "wait", reason: "single-resource-kick", desc: "replaced" };
  const header = { ...named(server, "KICK", "srv_3"), dirFlag: 4, cipher: 0 };
  both("W6", header, encode(XmMsgKick, kick));
  expect(decode(XmMsgKick, open(vector("W6")).payload)).toEqual(kick);
});

test("W-S0, CONN", () => {
  const header = { server: "xiaomi.com", cmd: "CONN", id: idOf("W-S0") };
  const conn = { version: 106, model: "Netscape", os: "", udid: "websocket", sdk: 31 };
  both("W-S0", header, encode(XmMsgConn, conn));
});

test("W-S1, BIND", () => {
  const id = idOf("W-S1");
  const signed = { challenge, uuid: String(uuid), resource, headerId: id, token, securityKey };
  const sig = bindSignature(signed);
  const bind = { token, kick: "", method: "XIAOMI-PASS", sig };
  both("W-S1", named(server, "BIND", id), encode(XmMsgBind, bind));
});

test("W-S2, SEQUENCE_ACK", () => {
  const ack = { uuid: String(uuid), resource, sequence: "1002", appId };
  sent("W-S2", () => ({ type: 3, payload: encode(SequenceAck, ack) }));
});

test("W-S3, a message", () => {
  const to = { appId, appAccount: peer };
  const message = { from: self64(), to, payload: utf8("hello"), isStore: true, bizType: "TEXT" };
  sent("W-S3", (packetId) => {
    return { packetId, package: pkg, type: 1, payload: encode(P2pMessage, message) };
  });
});

test("W-S4, the JOIN of an unlimited group", () => {
  const payload = encode(UcGroupRequest, { group: { appId, topicId: "29516394685530112" } });
  sent("W-S4", (packetId) => {
    const join = encode(UcPacket, { user: self64(), type: 3, payload, packetId });
    return { packetId, package: pkg, type: 8, payload: join };
  });
});

test("W-S5, PULL", () => {
  const pull = encode(Pull, { uuid: String(uuid), resource, appId });
  sent("W-S5", (packetId) => ({ packetId, package: pkg, type: 5, payload: pull }));
});

test("W-S6, UBND", () => {
  const id = idOf("W-S6");
  both("W-S6", named(server, "UBND", id), new Uint8Array());
});

test("a frame with any byte changed, or cut anywhere, is refused", () => {
  const frame = vector("W2");
  for (let at = 0; at < frame.length; at++) {
    expect(() => open(frame.subarray(0, at))).toThrow();
    const changed = Uint8Array.from(frame);
    changed[at] = (changed[at] as number) ^ 1;
    expect(() => open(changed)).toThrow();
  }
  expect(() => open(concat(frame, new Uint8Array(1)))).toThrow();
});

/** The frame is made as in the file, and what is in the file is read. */
function both(name: string, header: ClientHeader, payload: Uint8Array): void {
  const uuids = header.uuid === undefined ? {} : { uuid: String(header.uuid) };
  expect(hex(seal({ ...header, ...uuids }, payload))).toBe(hex(vector(name)));
  const frame = open(vector(name));
  expect(frame.header).toEqual({ ...header, ...uuids });
  expect(hex(frame.payload)).toBe(hex(payload));
}

function sent(name: string, make: (packetId: string) => MimcPacket): void {
  const id = idOf(name);
  both(name, named(server, "SECMSG", id), encode(MimcPacket, make(id)));
}

function named(header: ClientHeader, cmd: string, id: string): ClientHeader {
  return { ...header, cmd, id };
}

function self64() {
  return { ...self, uuid: String(uuid) };
}
