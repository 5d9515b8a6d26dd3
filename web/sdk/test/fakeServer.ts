/**
 * A server in the test's own process: V5 frames over a real WebSocket on 127.0.0.1. It answers CONN,
 * BIND, PING and UBND by itself; everything else waits for the test to take it.
 */

import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { fromBase64, utf8 } from "../src/bytes.js";
import { open, seal } from "../src/frame.js";
import {
  Compound,
  MimcPacket,
  OnlineMessageAck,
  P2pMessage,
  P2tMessage,
  PacketAck,
  SequenceAck,
  UcGroupRequest,
  UcGroupResponse,
  type UcMessage,
  UcMessageList,
  UcPacket,
  XmMsgBind,
  XmMsgBindResp,
  XmMsgConn,
  XmMsgConnResp,
  XmMsgKick,
} from "../src/generated.js";
import { bindSignature, cipher, clear } from "../src/keys.js";
import { decode, encode } from "../src/proto.js";
import type { TokenEnvelope } from "../src/token.js";
import { Stream } from "./stream.js";

export const APP_ID = "2882303761517613988";
export const UUID = "10776577642332160";
export const SECURITY_KEY = "AAECAwQFBgcICQoLDA0ODw==";
const CHALLENGE = "0123456789abcdef";
const KEY = fromBase64(SECURITY_KEY);

/** A token answer for alice. */
export function envelope(token = "token-1", changes: object = {}): TokenEnvelope {
  const data = {
    appId: APP_ID,
    appPackage: "com.example.demo",
    appAccount: "alice",
    miChid: 9,
    miUserId: UUID,
    miUserSecurityKey: SECURITY_KEY,
    token,
    ...changes,
  };
  return { code: 200, message: "success", data };
}

/** What is in a message that the fake server delivers. */
export interface Delivered {
  sequence: string;
  text: string;
  from?: string;
  topicId?: string;
  bizType?: string;
}

export class FakeServer {
  /** Sessions that have logged in, in order. */
  readonly sessions = new Stream<FakeSession>();
  /** BINDs that were seen, refused ones included. */
  readonly binds: XmMsgBind[] = [];
  /** CONNs that were seen. */
  readonly conns: XmMsgConn[] = [];
  /** Tokens that are not taken, and why. */
  readonly badTokens = new Map<string, string>();
  /** Answers nothing at all. */
  isSilent = false;
  /** Answers no PING. */
  isDeafToPings = false;
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket) => new FakeSession(this, socket));
  }

  static async listen(port = 0): Promise<FakeServer> {
    const server = new WebSocketServer({ host: "127.0.0.1", port });
    await new Promise((resolve) => server.once("listening", resolve));
    return new FakeServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export class FakeSession {
  /** Packets that came, apart from those that have a stream of their own. */
  readonly packets = new Stream<MimcPacket>();
  /** Sequences that were acknowledged. */
  readonly acknowledged = new Stream<string>();
  /** PINGs that came. */
  readonly pings = new Stream<string>();
  /** The other side's end of it. */
  readonly closed: Promise<void>;
  resource = "";
  #count = 0;

  constructor(
    readonly server: FakeServer,
    readonly socket: WebSocket,
  ) {
    socket.binaryType = "arraybuffer";
    socket.on("message", (data: ArrayBuffer) => this.#take(new Uint8Array(data)));
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
  }

  // What the test does

  /** The next packet of a message, with its content. */
  async nextMessage(): Promise<P2pMessage & { packetId: string }> {
    const { packetId = "", payload } = await this.packets.next();
    return { packetId, ...decode(P2pMessage, payload as Uint8Array) };
  }

  async nextGroupMessage(): Promise<P2tMessage & { packetId: string }> {
    const { packetId = "", payload } = await this.packets.next();
    return { packetId, ...decode(P2tMessage, payload as Uint8Array) };
  }

  async nextUnlimited(): Promise<UcPacket> {
    return decode(UcPacket, (await this.packets.next()).payload as Uint8Array);
  }

  acknowledge(packetId: string, sequence: string, timestamp = "1700000000123"): void {
    this.#answer(packetId, { sequence, timestamp, errorMsg: "", code: 0 });
  }

  refuse(packetId: string, code: number, errorMsg: string): void {
    this.#answer(packetId, { sequence: "0", timestamp: "1700000000123", errorMsg, code });
  }

  deliver(...messages: Delivered[]): void {
    const maxSequence = messages[messages.length - 1]?.sequence ?? "0";
    const packets = messages.map((message) => encode(MimcPacket, this.#delivered(message)));
    const list = { uuid: UUID, resource: this.resource, maxSequence, packets };
    this.#packet(6, encode(Compound, list));
  }

  deliverOnline(packetId: string, text: string): void {
    const from = { appId: APP_ID, appAccount: "bob", uuid: "77", resource: "phone" };
    const inner = encode(P2pMessage, { from, payload: utf8(text), bizType: "PING" });
    this.#packet(11, inner, packetId);
  }

  deliverOnlineAck(packetId: string, code: number, errorMsg: string): void {
    this.#packet(12, encode(OnlineMessageAck, { packetId, code, errorMsg }));
  }

  answerUnlimited(type: number, packetId: string, topicId: string, code: number, message: string) {
    const group = { appId: APP_ID, topicId };
    this.#unlimited(type, packetId, encode(UcGroupResponse, { group, code, message }));
  }

  deliverUnlimited(topicId: string, ...messages: Delivered[]): void {
    const group = { appId: APP_ID, topicId };
    const maxSequence = messages[messages.length - 1]?.sequence ?? "0";
    const message = messages.map(({ sequence, text, from = "bob", bizType }): UcMessage => {
      const user = { appId: APP_ID, appAccount: from, uuid: "77", resource: "phone" };
      const packetId = `p-${sequence}`;
      const of = { group, user, packetId, sequence, timestamp: "1700000000123", bizType };
      return { ...of, payload: utf8(text) };
    });
    this.#unlimited(9, "list", encode(UcMessageList, { group, message, maxSequence }));
  }

  dismissUnlimited(topicId: string): void {
    const group = { appId: APP_ID, topicId };
    this.#unlimited(10, "dismiss", encode(UcGroupRequest, { group }));
  }

  kick(type: string, reason: string, desc: string): void {
    this.#write("KICK", encode(XmMsgKick, { type, reason, desc }));
    this.socket.close();
  }

  drop(): void {
    this.socket.terminate();
  }

  sendRaw(data: Uint8Array | string): void {
    this.socket.send(data);
  }

  // What it does by itself

  #take(bytes: Uint8Array): void {
    if (this.server.isSilent) return;
    const { header, payload } = open(bytes);
    switch (header.cmd) {
      case "CONN":
        this.server.conns.push(decode(XmMsgConn, payload));
        return this.#write("CONN", encode(XmMsgConnResp, { challenge: CHALLENGE, host: "x" }));
      case "BIND":
        return this.#bind(header.resource ?? "", header.id ?? "", decode(XmMsgBind, payload));
      case "PING":
        if (!this.server.isDeafToPings) this.#write("PING", new Uint8Array(), header.id);
        return this.pings.push(header.id ?? "");
      case "UBND":
        return this.kick("wait", "logout", "logout");
      case "SECMSG":
        return this.#takePacket(decode(MimcPacket, clear(KEY, header, payload)));
    }
  }

  #bind(resource: string, headerId: string, bind: XmMsgBind): void {
    const { token = "", sig } = bind;
    this.server.binds.push(bind);
    this.resource = resource;
    const signed = { challenge: CHALLENGE, uuid: UUID, resource, headerId, token };
    const isSigned = sig === bindSignature({ ...signed, securityKey: SECURITY_KEY });
    const errorReason = this.server.badTokens.get(token) ?? (isSigned ? "" : "bad-signature");
    const answer = { errorType: errorReason && "auto", errorReason, errorDesc: "" };
    this.#write("BIND", encode(XmMsgBindResp, { result: errorReason === "", ...answer }));
    if (errorReason === "") this.server.sessions.push(this);
  }

  #takePacket(packet: MimcPacket): void {
    if (packet.type !== 3) return this.packets.push(packet);
    const ack = decode(SequenceAck, packet.payload as Uint8Array);
    this.acknowledged.push(ack.sequence ?? "");
  }

  #delivered({ sequence, text, from = "bob", topicId, bizType = "" }: Delivered): MimcPacket {
    const sender = { appId: APP_ID, appAccount: from, uuid: "77", resource: "phone" };
    const inner = { from: sender, payload: utf8(text), bizType };
    const packet = { packetId: `p-${sequence}`, sequence, timestamp: "1700000000123" };
    if (topicId) {
      const to = { appId: APP_ID, topicId };
      return { ...packet, type: 2, payload: encode(P2tMessage, { ...inner, to }) };
    }
    const to = { appId: APP_ID, appAccount: "alice", uuid: UUID };
    return { ...packet, type: 1, payload: encode(P2pMessage, { ...inner, to }) };
  }

  #answer(packetId: string, ack: PacketAck): void {
    const whole = { packetId, uuid: UUID, resource: this.resource, ...ack };
    this.#packet(4, encode(PacketAck, whole));
  }

  #unlimited(type: number, packetId: string, payload: Uint8Array): void {
    const user = { appId: APP_ID, appAccount: "alice", uuid: UUID, resource: this.resource };
    this.#packet(8, encode(UcPacket, { user, type, payload, packetId }));
  }

  #packet(type: number, payload: Uint8Array, packetId = "srv"): void {
    this.#count += 1;
    const id = `srv_${this.#count}`;
    const bytes = encode(MimcPacket, { packetId, package: "com.example.demo", type, payload });
    this.#write("SECMSG", cipher(KEY, id, bytes), id, 1);
  }

  #write(cmd: string, payload: Uint8Array, id = "srv_0", kind = 0): void {
    const who = { chid: 9, uuid: UUID, server: "xiaomi.com", resource: this.resource };
    this.socket.send(seal({ ...who, cmd, id, dirFlag: 4, cipher: kind }, payload));
  }
}
