/** What the admin API says of a message's way. Times are milliseconds since 1970. */

import type { Tone } from "../../part/tag";

export interface Step {
  at: number | null;
  kind: string;
  account?: string;
  resource?: string;
  en: string;
  zh: string;
  detail?: string;
}

export interface Trace {
  packetId: string | null;
  sequence: string | null;
  at: number | null;
  from: { account: string; uuid: string; resource?: string } | null;
  to:
    | { kind: "account"; account: string; uuid: string }
    | { kind: "topic"; topicId: string; name?: string; members?: number }
    | null;
  bytes: number | null;
  isStored: boolean | null;
  /** Base64; for admins only. */
  payload?: string;
  /** Whether each step since it was accepted is remembered. */
  isComplete: boolean;
  steps: Step[];
  /** Steps that happened and are not among them. */
  stepsOmitted: number;
  verdict: { code: string; en: string; zh: string };
  /** Other messages with this packetId: it is unique for a device only. */
  others: Other[];
}

export interface Other {
  sequence: string | null;
  at: number;
  /** Null for an account that is gone. */
  account: string | null;
}

/** What asks for the way of another message: its sequence, or the packetId with its sender. */
export function questionOf(
  other: Other,
  packetId: string | null,
): { id: string; from: string } | undefined {
  if (other.sequence !== null) {
    return { id: other.sequence, from: "" };
  }
  if (packetId === null || other.account === null) {
    return undefined;
  }
  return { id: packetId, from: other.account };
}

const GOOD = ["acknowledged", "stored", "accepted", "written", "callback-delivered"];
const BAD = ["refused", "expired", "callback-failed"];
const WAITS = ["offline", "repeated", "callback", "callback-pending", "waiting"];

/** What a step means for the message. */
export function toneOf(kind: string): Tone {
  if (GOOD.includes(kind)) {
    return "good";
  }
  if (BAD.includes(kind)) {
    return "bad";
  }
  return WAITS.includes(kind) ? "warn" : "plain";
}

/** Text if it is text, else how many bytes there are. */
export function payloadText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
}
