/**
 * Where frames begin and end, and what their fixed fields say. Nothing is decrypted here.
 *
 * ```text
 * V6  u16 0xC2FE | u16 5 | u32 bodyLen | body | u32 adler32
 * V5  u16 0xC2FE | u16 4 | u16 3 | u16 2 | u16 headerLen | u32 payloadLen | header | payload | u32 adler32
 * body of V6, clear or under the body key: u16 2 | u16 headerLen | u32 payloadLen | header | payload
 * ```
 */

import { adler32 } from "@openmimc/sdk/codec";

const MAGIC = 0xc2fe;
const SUM_BYTES = 4;
/** The server's own default. */
export const BODY_BYTES_MAX = 128 * 1024;

/** What is wrong, where: `at` counts from the first pasted byte. */
export interface Fault {
  kind: "magic" | "version" | "types" | "length" | "cut" | "checksum" | "body" | "message";
  at: number;
  expected: string;
  found: string;
}

export interface Layout {
  version: 5 | 6;
  at: number;
  length: number;
  /** From payloadType on; that of V6 may be encrypted. */
  body: Uint8Array;
  bodyAt: number;
  /** `undefined`: a bare ping, whose checksum nobody looks at. */
  checksum: { expected: number; found: number } | undefined;
  fault?: Fault;
}

/** Reads frames one after the other; stops where it cannot go on, and says why. */
export function layouts(bytes: Uint8Array): { frames: Layout[]; fault?: Fault } {
  const frames: Layout[] = [];
  let at = 0;
  while (at < bytes.length) {
    const next = layout(bytes, at);
    if ("kind" in next) {
      return { frames, fault: next };
    }
    frames.push(next);
    at += next.length;
  }
  return { frames };
}

function layout(bytes: Uint8Array, at: number): Layout | Fault {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const has = (count: number) => at + count <= bytes.length;
  const cut = (count: number): Fault => ({
    kind: "cut",
    at: bytes.length,
    expected: String(count),
    found: String(bytes.length - at),
  });
  if (!has(4)) {
    return cut(4);
  }
  if (view.getUint16(at) !== MAGIC) {
    return { kind: "magic", at, expected: "c2fe", found: number(view.getUint16(at), 4) };
  }
  const version = view.getUint16(at + 2);
  if (version === 5) {
    return has(8) ? whole(6, 8, view.getUint32(at + 4)) : cut(8);
  }
  if (version !== 4) {
    return { kind: "version", at: at + 2, expected: "0004 | 0005", found: number(version, 4) };
  }
  if (!has(14)) {
    return cut(14);
  }
  const types = view.getUint32(at + 4);
  if (types !== 0x0003_0002) {
    return { kind: "types", at: at + 4, expected: "0003 0002", found: number(types, 8) };
  }
  return whole(5, 6, 8 + view.getUint16(at + 8) + view.getUint32(at + 10));

  function whole(kind: 5 | 6, head: number, bodyLength: number): Layout | Fault {
    if (bodyLength > BODY_BYTES_MAX) {
      const expected = `≤ ${BODY_BYTES_MAX}`;
      return { kind: "length", at: at + 4, expected, found: String(bodyLength) };
    }
    const length = head + bodyLength + SUM_BYTES;
    if (!has(length)) {
      return cut(length);
    }
    const bodyAt = at + head;
    const summed = bodyAt + bodyLength;
    const checksum = {
      expected: adler32(bytes.subarray(at, summed)),
      found: view.getUint32(summed),
    };
    const frame: Layout = {
      version: kind,
      at,
      length,
      bodyAt,
      body: bytes.subarray(bodyAt, summed),
      checksum: bodyLength === 0 ? undefined : checksum,
    };
    if (bodyLength > 0 && checksum.expected !== checksum.found) {
      const [expected, found] = [number(checksum.expected, 8), number(checksum.found, 8)];
      frame.fault = { kind: "checksum", at: summed, expected, found };
    }
    return frame;
  }
}

export interface Parts {
  header: Uint8Array;
  payload: Uint8Array;
}

/** Takes a clear body apart; `undefined`: its lengths do not add up, so it is not clear. */
export function parts(body: Uint8Array): Parts | undefined {
  if (body.length < 8) {
    return undefined;
  }
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const headerLength = view.getUint16(2);
  const isWhole = 8 + headerLength + view.getUint32(4) === body.length;
  if (view.getUint16(0) !== 2 || !isWhole) {
    return undefined;
  }
  return { header: body.subarray(8, 8 + headerLength), payload: body.subarray(8 + headerLength) };
}

/** Hex digits without "0x". */
export function number(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
