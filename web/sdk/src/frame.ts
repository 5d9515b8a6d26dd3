/**
 * Frames of version 5, one per binary WebSocket message:
 *
 * ```text
 * u16 0xC2FE | u16 4 | u16 3 | u16 2 | u16 headerLen | u32 payloadLen | ClientHeader | payload | u32 adler32
 * ```
 */

import { adler32 } from "./adler32.js";
import { ClientHeader } from "./generated.js";
import { decode, encode, MalformedError } from "./proto.js";

/** The largest frame that is looked at. Servers keep to 64 KiB. */
export const FRAME_BYTES_MAX = 128 * 1024;

const MAGIC = 0xc2fe;
const VERSION = 4;
const HEADER_TYPE = 3;
const PAYLOAD_TYPE = 2;
const HEAD_BYTES = 14;
const SUM_BYTES = 4;

/** A frame, opened. */
export interface Frame {
  header: ClientHeader;
  /** As it was sent, maybe encrypted. */
  payload: Uint8Array;
}

/** Makes a frame of a header and a payload as it is. */
export function seal(header: ClientHeader, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = encode(ClientHeader, header);
  const summed = HEAD_BYTES + head.length + payload.length;
  const frame = new Uint8Array(summed + SUM_BYTES);
  const view = new DataView(frame.buffer);
  view.setUint16(0, MAGIC);
  view.setUint16(2, VERSION);
  view.setUint16(4, HEADER_TYPE);
  view.setUint16(6, PAYLOAD_TYPE);
  view.setUint16(8, head.length);
  view.setUint32(10, payload.length);
  frame.set(head, HEAD_BYTES);
  frame.set(payload, HEAD_BYTES + head.length);
  view.setUint32(summed, adler32(frame.subarray(0, summed)));
  return frame;
}

/** Reads a frame; throws {@link MalformedError} when anything about it is wrong. */
export function open(frame: Uint8Array): Frame {
  if (frame.length < HEAD_BYTES + SUM_BYTES || frame.length > FRAME_BYTES_MAX) {
    throw new MalformedError(`a frame of ${frame.length} bytes`);
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint16(0) !== MAGIC || view.getUint16(2) !== VERSION) {
    throw new MalformedError("no frame of version 5");
  }
  const payloadAt = HEAD_BYTES + view.getUint16(8);
  const summed = payloadAt + view.getUint32(10);
  if (summed + SUM_BYTES !== frame.length) throw new MalformedError("lengths that do not add up");
  if (view.getUint32(summed) !== adler32(frame.subarray(0, summed))) {
    throw new MalformedError("a wrong checksum");
  }
  return {
    header: decode(ClientHeader, frame.subarray(HEAD_BYTES, payloadAt)),
    payload: frame.subarray(payloadAt, summed),
  };
}
