/**
 * One logged-in WebSocket, step by step: CONN, BIND, packets, pings, the end. Nothing is
 * acknowledged or tried again by itself; that is for those who hold a session.
 */

import { type Arrival, PacketType, readPacket } from "./arrival.js";
import { fromBase64, utf8 } from "./bytes.js";
import type { DisconnectReason } from "./event.js";
import { open, seal } from "./frame.js";
import {
  type ClientHeader,
  type MimcGroup,
  MimcPacket,
  type MimcUser,
  OnlineMessageAck,
  P2pMessage,
  P2tMessage,
  Pull,
  SequenceAck,
  UcPacket,
  XmMsgBind,
  XmMsgBindResp,
  XmMsgConn,
  XmMsgConnResp,
  XmMsgKick,
} from "./generated.js";
import { Ids } from "./ids.js";
import { bindSignature, CIPHER_RC4, cipher, clear, METHOD } from "./keys.js";
import type { OnlineMessage, Target } from "./message.js";
import { decode, encode } from "./proto.js";
import type { WebSocketConstructor, WebSocketLike } from "./socket.js";
import { type TokenData, wordsOf } from "./token.js";
import { groupMessage, UcType } from "./unlimited.js";

/** How long opening, CONN and BIND may take together. A refused token is answered late on purpose. */
export const LOGIN_WAIT_MS = 15_000;
/** After so much silence a ping asks for an answer. A server drops clients after 400 s. */
export const PING_EVERY_MS = 30_000;
/** How long the answer to a ping may take. */
export const PONG_WAIT_MS = 10_000;
/** How long the server may take to say goodbye. */
export const FAREWELL_WAIT_MS = 2_000;

const PROTOCOL_VERSION = 106;
const CHID = 9;
const SERVER = "xiaomi.com";
const CS_REQ = 2;
const EMPTY = new Uint8Array();

/** What kind of client this is. */
export interface Kind {
  /** Release: 31 is the original's web SDK, our own are from 100 on. */
  sdk: number;
  model: string;
}

/** Where a session goes, and whose it is. */
export interface SessionSettings {
  /** `ws:` or `wss:`. */
  url: string;
  webSocket: WebSocketConstructor;
  kind: Kind;
  token: TokenData;
  resource: string;
}

/** Three words of the server: `type`, `reason`, `desc`. */
export interface Words {
  type: string;
  reason: string;
  desc: string;
}

/** How a session ended. */
export type SessionEnd =
  /** The connection is gone or of no more use. */
  | { type: "lost"; reason: DisconnectReason; detail: string }
  /** BIND said no. */
  | { type: "refused"; words: Words }
  /** The server ended it. */
  | { type: "kicked"; words: Words }
  /** As this side wished. */
  | { type: "left" };

/** Who holds a session. All are called from within the socket's events, in order. */
export interface SessionHolder {
  /** Logged in. */
  bound(): void;
  /** Something came. */
  arrived(arrival: Arrival): void;
  /** Once, and nothing follows. */
  ended(end: SessionEnd): void;
}

/** A message to be written. */
export interface Outgoing {
  packetId: string;
  to: Target;
  payload: Uint8Array;
  isStore: boolean;
  bizType: string | undefined;
}

/** A connection that logs in as soon as it is made. */
export class Session {
  readonly #settings: SessionSettings;
  readonly #holder: SessionHolder;
  readonly #socket: WebSocketLike;
  readonly #ids = new Ids();
  readonly #key: Uint8Array;
  #state: "opening" | "bound" | "leaving" | "ended" = "opening";
  #hasOpened = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Throws when the address or the security key is none. */
  constructor(settings: SessionSettings, holder: SessionHolder) {
    this.#settings = settings;
    this.#holder = holder;
    this.#key = fromBase64(settings.token.miUserSecurityKey);
    this.#socket = new settings.webSocket(settings.url);
    this.#socket.binaryType = "arraybuffer";
    this.#socket.onopen = () => this.#opened();
    this.#socket.onmessage = (event: { data: unknown }) => this.#came(event.data);
    this.#socket.onclose = (event: { code?: number; reason?: string }) => this.#closed(event);
    // A close follows every error, and says as much.
    this.#socket.onerror = () => {};
    this.#wait(LOGIN_WAIT_MS, () => this.#silent("no answer to the login"));
  }

  /** Whether packets can be written. */
  get isBound(): boolean {
    return this.#state === "bound";
  }

  /** Whether there is a connection, logged in or not. */
  get isOpen(): boolean {
    return this.#hasOpened && this.#state !== "ended";
  }

  /** A new id for a packet, unique to this connection. */
  nextId(): string {
    return this.#ids.next();
  }

  // What can be written; nothing happens on a session that is not bound.

  /** A message; an `ack` tells what became of it. */
  sendMessage(message: Outgoing): void {
    const { packetId, to, payload, isStore, bizType } = message;
    const from = this.#self();
    if ("account" in to) {
      const inner = { from, to: this.#user(to.account), payload, isStore, bizType };
      this.#packet(PacketType.p2pMessage, packetId, encode(P2pMessage, inner));
    } else if ("topicId" in to) {
      const inner = { from, to: this.group(to.topicId), payload, isStore, bizType };
      this.#packet(PacketType.p2tMessage, packetId, encode(P2tMessage, inner));
    } else {
      const group = this.group(to.unlimitedGroupId);
      const inner = { group, payload, isStore, user: from, packetId, bizType };
      this.sendUnlimited(UcType.message, packetId, groupMessage(inner));
    }
  }

  /** A message for devices that are online now, or for one of them. */
  sendOnline(packetId: string, to: MimcUser, payload: Uint8Array, bizType?: string): void {
    const target = { ...this.#user(to.appAccount ?? ""), ...to };
    const inner = { from: this.#self(), to: target, payload, bizType };
    this.#packet(PacketType.onlineMessage, packetId, encode(P2pMessage, inner));
  }

  /** Tells the sender's device what became of its online message. */
  sendOnlineAck(message: OnlineMessage, code: number, errorMsg: string): void {
    const { packetId, fromUuid: uuid, fromResource: resource } = message;
    const ack = { packetId, uuid, resource, code, errorMsg };
    this.#packet(PacketType.onlineMessageAck, this.nextId(), encode(OnlineMessageAck, ack));
  }

  /** Acknowledges all messages up to `sequence`. */
  sendSequenceAck(sequence: string): void {
    const ack = { ...this.#device(), sequence };
    this.#packet(PacketType.sequenceAck, this.nextId(), encode(SequenceAck, ack));
  }

  /** Asks for everything that is not acknowledged. */
  sendPull(): void {
    this.#packet(PacketType.pull, this.nextId(), encode(Pull, this.#device()));
  }

  /** A packet of unlimited groups. */
  sendUnlimited(type: number, packetId: string, payload: Uint8Array): void {
    const inner = { user: this.#self(), type, payload, packetId };
    this.#packet(PacketType.unlimited, packetId, encode(UcPacket, inner));
  }

  /** How a group of this app is named in packets. */
  group(topicId: string): MimcGroup {
    return { appId: this.#settings.token.appId, topicId };
  }

  /** UBND, and the end with the server's farewell or without. */
  logout(): void {
    if (this.#state !== "bound") return this.close();
    this.#command("UBND", EMPTY);
    this.#state = "leaving";
    this.#wait(FAREWELL_WAIT_MS, () => this.#end({ type: "left" }));
  }

  /** The end without a word. */
  close(): void {
    this.#end({ type: "left" });
  }

  // What comes

  #opened(): void {
    this.#hasOpened = true;
    const { kind, url } = this.#settings;
    const conn = { version: PROTOCOL_VERSION, model: kind.model, os: "", udid: "websocket" };
    const header = { server: SERVER, cmd: "CONN", id: this.nextId() };
    this.#write(header, encode(XmMsgConn, { ...conn, sdk: kind.sdk, host: new URL(url).host }));
  }

  #came(data: unknown): void {
    if (this.#state === "ended") return;
    if (this.#state === "bound") this.#heard();
    try {
      if (!(data instanceof ArrayBuffer)) throw new TypeError("a text message");
      this.#take(new Uint8Array(data));
    } catch (error) {
      this.#end({ type: "lost", reason: "badServer", detail: wordsOf(error) });
    }
  }

  #take(bytes: Uint8Array): void {
    const { header, payload } = open(bytes);
    switch (header.cmd) {
      case "CONN":
        return this.#bind(decode(XmMsgConnResp, payload).challenge ?? "");
      case "BIND":
        return this.#answered(decode(XmMsgBindResp, payload));
      case "SECMSG":
        return this.#arrived(header, payload);
      case "KICK": {
        const { type = "", reason = "", desc = "" } = decode(XmMsgKick, payload);
        return this.#end({ type: "kicked", words: { type, reason, desc } });
      }
    }
  }

  #bind(challenge: string): void {
    if (this.#state !== "opening") return;
    const { token, resource } = this.#settings;
    const headerId = this.nextId();
    const sig = bindSignature({
      challenge,
      uuid: token.miUserId,
      resource,
      headerId,
      token: token.token,
      securityKey: token.miUserSecurityKey,
    });
    const bind = { token: token.token, kick: "0", method: METHOD, sig };
    this.#write(this.#header("BIND", headerId), encode(XmMsgBind, bind));
  }

  #answered(answer: XmMsgBindResp): void {
    if (this.#state !== "opening") return;
    if (!answer.result) {
      const { errorType: type = "", errorReason: reason = "", errorDesc: desc = "" } = answer;
      return this.#end({ type: "refused", words: { type, reason, desc } });
    }
    this.#state = "bound";
    this.#heard();
    this.#holder.bound();
  }

  #arrived(header: ClientHeader, payload: Uint8Array): void {
    if (this.#state === "opening") return;
    const { token, resource } = this.#settings;
    const bytes = clear(this.#key, header, payload);
    const arrival = readPacket(bytes, token.miUserId, resource);
    if (arrival) this.#holder.arrived(arrival);
  }

  #closed({ code, reason }: { code?: number; reason?: string }): void {
    if (this.#state === "leaving") return this.#end({ type: "left" });
    const why = this.#hasOpened ? "closed" : "unreachable";
    const detail = `${why} with code ${code ?? "unknown"}${reason ? `: ${reason}` : ""}`;
    this.#end({ type: "lost", reason: why, detail });
  }

  // Patience

  #heard(): void {
    this.#wait(PING_EVERY_MS, () => this.#ping());
  }

  #ping(): void {
    this.#command("PING", EMPTY);
    this.#wait(PONG_WAIT_MS, () => this.#silent("no answer to a ping"));
  }

  #silent(detail: string): void {
    this.giveUp("silent", detail);
  }

  /** Ends a session that its holder has seen enough of. */
  giveUp(reason: DisconnectReason, detail: string): void {
    this.#end({ type: "lost", reason, detail });
  }

  #wait(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  #end(end: SessionEnd): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    clearTimeout(this.#timer);
    try {
      this.#socket.close();
    } catch {
      // It was never open, which is as good.
    }
    this.#holder.ended(end);
  }

  // Frames

  #packet(type: number, packetId: string, payload: Uint8Array): void {
    if (this.#state !== "bound") return;
    const named = type === PacketType.sequenceAck ? {} : { packetId };
    const packet = { ...named, package: this.#settings.token.appPackage, type, payload };
    const header = this.#header("SECMSG", this.nextId());
    header.cipher = CIPHER_RC4;
    this.#write(header, cipher(this.#key, header.id ?? "", encode(MimcPacket, packet)));
  }

  #command(cmd: string, payload: Uint8Array): void {
    this.#write(this.#header(cmd, this.nextId()), payload);
  }

  #header(cmd: string, id: string): ClientHeader {
    const { token, resource } = this.#settings;
    const who = { chid: CHID, uuid: token.miUserId, server: SERVER, resource };
    return { ...who, cmd, id, dirFlag: CS_REQ };
  }

  #write(header: ClientHeader, payload: Uint8Array): void {
    try {
      this.#socket.send(seal(header, payload));
    } catch {
      // The socket is closing; its close event says so.
    }
  }

  #self(): MimcUser {
    const { token, resource } = this.#settings;
    return { ...this.#user(token.appAccount), uuid: token.miUserId, resource };
  }

  #user(appAccount: string): MimcUser {
    return { appId: this.#settings.token.appId, appAccount };
  }

  #device() {
    const { token, resource } = this.#settings;
    return { uuid: token.miUserId, resource, appId: token.appId };
  }
}

/** Whether a refused BIND may succeed with a new token. */
export function wantsNewToken({ reason }: Words): boolean {
  return reason === "token-expired" || reason === "invalid-token";
}

/** The bytes of what an app sends. */
export function payloadOf(payload: string | Uint8Array): Uint8Array {
  return typeof payload === "string" ? utf8(payload) : payload;
}
