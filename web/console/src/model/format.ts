/**
 * The recommended message formats (docs/guide/en/message-formats.md): what goes into a payload, and
 * how a payload of anybody is read. An unknown type is text, and nothing throws. The three types of
 * groups are this page's own: the server tells nobody that he was added to a topic, so we do.
 */

export type Attachment = "PIC_FILE" | "AUDIO_FILE" | "BIN_FILE";

/** What a payload says. */
export type Content =
  | { kind: "text"; text: string }
  | { kind: "attachment"; type: Attachment; url: string; name: string }
  | { kind: "recall"; of: string }
  | { kind: "read"; of: string }
  | { kind: "ping" }
  | { kind: "pong" }
  | { kind: "friendRequest" }
  | { kind: "friendAnswer"; accepted: boolean }
  | { kind: "membersAdded"; accounts: string[] }
  | { kind: "memberLeft" }
  | { kind: "groupDismissed" };

export interface Frame {
  /** The app's own id of the message, unique for its sender; "" when there is none. */
  id: string;
  content: Content;
}

const ATTACHMENT = /^(PIC|AUDIO|BIN)_FILE$/;
const RECALL = /^(TEXT|PIC_FILE|AUDIO_FILE|BIN_FILE)_RECALL$/;
const READ = /^(TEXT|PIC_FILE|AUDIO_FILE|BIN_FILE)_READ$/;

export function read(payload: string): Frame {
  const frame = fields(payload);
  if (frame === undefined) {
    return { id: "", content: { kind: "text", text: payload } };
  }
  const id = typeof frame.msgId === "string" ? frame.msgId : "";
  const content = frame.version === 0 ? known(String(frame.msgType), frame.payload) : undefined;
  return { id, content: content ?? { kind: "text", text: asText(frame.payload, payload) } };
}

export interface Written {
  id: string;
  /** The `msgType`; it is what to give as bizType. */
  type: string;
  payload: string;
}

/** A payload to send; one that is sent again keeps its id. */
export function write(content: Content, me: string, known?: string): Written {
  const [type, payload] = typed(content, me);
  const id = known ?? `${type}_${randomId()}`;
  const frame = { version: 0, msgId: id, msgType: type, timestamp: String(Date.now()), payload };
  return { id, type, payload: JSON.stringify(frame) };
}

/** Pings, pongs and receipts matter now or never: isStore=false. */
export function isStored(content: Content): boolean {
  return content.kind !== "ping" && content.kind !== "pong" && content.kind !== "read";
}

/** Whether it is something to look at, and counts as unread. */
export function isShown(content: Content): boolean {
  return isStored(content) && content.kind !== "recall";
}

/** Whether it says what happened to the group, and not what somebody says. */
export function isNote(content: Content): boolean {
  const { kind } = content;
  return kind === "membersAdded" || kind === "memberLeft" || kind === "groupDismissed";
}

/** https only, or a file of this server; `undefined`: do not load it. */
export function safeUrl(text: string): URL | undefined {
  if (!URL.canParse(text, location.href)) {
    return undefined;
  }
  const url = new URL(text, location.href);
  return url.protocol === "https:" || url.origin === location.origin ? url : undefined;
}

type Fields = Record<string, unknown>;

function fields(payload: string): Fields | undefined {
  try {
    const frame: unknown = JSON.parse(payload);
    return isObject(frame) && typeof frame.msgType === "string" ? frame : undefined;
  } catch {
    return undefined; // no JSON: from a tool or another app
  }
}

function known(type: string, payload: unknown): Content | undefined {
  const object = isObject(payload) ? payload : {};
  if (type === "TEXT") {
    return typeof payload === "string" ? { kind: "text", text: payload } : undefined;
  }
  if (ATTACHMENT.test(type)) {
    const url = typeof payload === "string" ? payload : object.url;
    const name = typeof object.name === "string" ? object.name : "";
    return typeof url === "string"
      ? { kind: "attachment", type: type as Attachment, url, name }
      : undefined;
  }
  if (RECALL.test(type)) {
    return { kind: "recall", of: String(object.recall_msgId ?? "") };
  }
  if (READ.test(type)) {
    return { kind: "read", of: String(object.read_msgId ?? "") };
  }
  switch (type) {
    case "PING":
      return { kind: "ping" };
    case "PONG":
      return { kind: "pong" };
    case "ADD_FRIEND_REQUEST":
      return { kind: "friendRequest" };
    case "ADD_FRIEND_RESPONSE":
      return { kind: "friendAnswer", accepted: object.accepted === true };
    case "GROUP_MEMBERS_ADDED":
      return Array.isArray(object.added)
        ? { kind: "membersAdded", accounts: object.added.map(String) }
        : undefined;
    case "GROUP_MEMBER_LEFT":
      return { kind: "memberLeft" };
    case "GROUP_DISMISSED":
      return { kind: "groupDismissed" };
    default:
      return undefined;
  }
}

function typed(content: Content, me: string): [type: string, payload: unknown] {
  switch (content.kind) {
    case "text":
      return ["TEXT", content.text];
    case "attachment":
      return [
        content.type,
        content.name ? { url: content.url, name: content.name } : { url: content.url },
      ];
    case "recall":
      return ["TEXT_RECALL", { recall_msgId: content.of }];
    case "read":
      return ["TEXT_READ", { read_msgId: content.of }];
    case "ping":
      return ["PING", me];
    case "pong":
      return ["PONG", me];
    case "friendRequest":
      return ["ADD_FRIEND_REQUEST", { add_requester: me }];
    case "friendAnswer":
      return ["ADD_FRIEND_RESPONSE", { add_responser: me, accepted: content.accepted }];
    case "membersAdded":
      return ["GROUP_MEMBERS_ADDED", { added: content.accounts }];
    case "memberLeft":
      return ["GROUP_MEMBER_LEFT", { left: me }];
    case "groupDismissed":
      return ["GROUP_DISMISSED", { dismissed_by: me }];
  }
}

function asText(payload: unknown, whole: string): string {
  return typeof payload === "string" ? payload : (JSON.stringify(payload) ?? whole);
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

/** 96 random bits. `crypto.randomUUID` does not exist on plain http pages. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
