/** Bytes as people paste them: hex with whatever stands between, "0x" and "\x" included, or base64. */

import { fromBase64 } from "@openmimc/sdk/codec";

export class NotBytesError extends Error {}

/** Throws a `NotBytesError`, whose message is the first part that is neither. */
export function bytesOf(text: string): Uint8Array {
  const bare = text.replace(/0x|\\x/gi, "").replace(/[\s,;:\-[\]()"'`]/g, "");
  if (/^([0-9a-f]{2})*$/i.test(bare)) {
    const pairs = bare.match(/../g) ?? [];
    return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
  }
  const packed = text.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/");
  try {
    return fromBase64(packed.padEnd(Math.ceil(packed.length / 4) * 4, "="));
  } catch {
    throw new NotBytesError(/[^0-9a-fA-F\s]{1,12}/.exec(text)?.[0] ?? text.slice(0, 12));
  }
}

/** "c2 fe 00 05". */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
