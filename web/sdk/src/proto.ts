/**
 * Protobuf by tables: which number, name and kind each field of a message has.
 *
 * 64-bit numbers are decimal strings, since a JavaScript number loses digits above 2^53. Decoded
 * bytes are views into the input: nothing is allocated that the input does not pay for.
 */

import { textOf, utf8 } from "./bytes.js";

/** What a field holds. */
export type Kind =
  | "int32"
  | "uint32"
  | "int64"
  | "uint64"
  | "bool"
  | "string"
  | "bytes"
  | "message";

/** Number, name, kind; the table behind a message; whether there may be many. */
export type Field = readonly [
  number: number,
  name: string,
  kind: Kind,
  // biome-ignore lint/suspicious/noExplicitAny: a table does not know who refers to it
  table?: Table<any>,
  isRepeated?: boolean,
];

/** The fields of a message, ascending. `M` is the type of its values. */
export type Table<M> = readonly Field[] & { readonly of?: M };

/** The bytes are no message of this kind. */
export class MalformedError extends Error {
  override readonly name = "MalformedError";
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const GROUP = 3;
const GROUP_END = 4;
const FIXED32 = 5;
/** Groups inside of groups that an unknown field may have. */
const GROUP_DEPTH_MAX = 16;
const FIELD_NUMBER_MAX = 0x1fff_ffff;
const TWO_32 = 0x1_0000_0000;

/** Canonical protobuf: ascending fields, minimal varints. Absent fields are left out. */
export function encode<M extends object>(table: Table<M>, message: M): Uint8Array {
  const writer = new Writer();
  writeMessage(writer, table, message as Values);
  return writer.bytes();
}

/** Reads a message; throws {@link MalformedError}. Unknown fields are skipped. */
export function decode<M extends object>(table: Table<M>, bytes: Uint8Array): M {
  const message: Values = {};
  readMessage(new Reader(bytes), table, message);
  return message as M;
}

type Values = Record<string, unknown>;

function writeMessage(to: Writer, table: readonly Field[], message: Values): void {
  for (const field of table) {
    const value = message[field[1]];
    if (value === undefined || value === null) continue;
    if (field[4]) for (const one of value as unknown[]) writeField(to, field, one);
    else writeField(to, field, value);
  }
}

function writeField(to: Writer, [number, , kind, table]: Field, value: unknown): void {
  to.varint(number * 8 + wireType(kind));
  switch (kind) {
    case "int32":
      return (value as number) < 0
        ? to.bigVarint(BigInt(value as number))
        : to.varint(value as number);
    case "uint32":
      return to.varint(value as number);
    case "int64":
    case "uint64":
      return to.bigVarint(BigInt(value as string));
    case "bool":
      return to.varint(value ? 1 : 0);
    case "string":
      return to.block(utf8(value as string));
    case "bytes":
      return to.block(value as Uint8Array);
    case "message":
      return to.block(encode(table as Table<Values>, value as Values));
  }
}

function wireType(kind: Kind): number {
  return kind === "string" || kind === "bytes" || kind === "message" ? LENGTH : VARINT;
}

function readMessage(from: Reader, table: readonly Field[], into: Values): void {
  while (!from.isAtEnd) {
    const tag = from.tag();
    const field = table.find(([number]) => number === tag.number);
    if (!field || wireType(field[2]) !== tag.wire) {
      skip(from, tag, 0);
      continue;
    }
    const name = field[1];
    if (field[4]) {
      const all = (into[name] ?? []) as unknown[];
      all.push(readField(from, field, undefined));
      into[name] = all;
    } else {
      into[name] = readField(from, field, into[name]);
    }
  }
}

function readField(from: Reader, [, , kind, table]: Field, before: unknown): unknown {
  switch (kind) {
    case "int32":
      return from.varint()[0] | 0;
    case "uint32":
      return from.varint()[0];
    case "int64":
      return signed(from.varint());
    case "uint64":
      return unsigned(from.varint());
    case "bool": {
      const [low, high] = from.varint();
      return low !== 0 || high !== 0;
    }
    case "string":
      return textOf(from.block());
    case "bytes":
      return from.block();
    case "message": {
      const inner = (before ?? {}) as Values;
      readMessage(new Reader(from.block()), table as readonly Field[], inner);
      return inner;
    }
  }
}

interface Tag {
  number: number;
  wire: number;
}

function skip(from: Reader, tag: Tag, depth: number): void {
  switch (tag.wire) {
    case VARINT:
      from.varint();
      return;
    case FIXED64:
      from.take(8);
      return;
    case LENGTH:
      from.block();
      return;
    case GROUP:
      return skipGroup(from, tag.number, depth);
    case FIXED32:
      from.take(4);
      return;
    default:
      throw new MalformedError(`wire type ${tag.wire}`);
  }
}

function skipGroup(from: Reader, number: number, depth: number): void {
  if (depth >= GROUP_DEPTH_MAX) throw new MalformedError("too many groups");
  for (;;) {
    const tag = from.tag();
    if (tag.wire === GROUP_END && tag.number === number) return;
    skip(from, tag, depth + 1);
  }
}

/** The low and the high half of 64 bits. */
type Halves = readonly [low: number, high: number];

function unsigned([low, high]: Halves): string {
  if (high < 0x20_0000) return String(high * TWO_32 + low);
  return String((BigInt(high) << 32n) | BigInt(low));
}

function signed(halves: Halves): string {
  if (halves[1] < 0x8000_0000) return unsigned(halves);
  return String(BigInt.asIntN(64, BigInt(unsigned(halves))));
}

class Writer {
  #bytes = new Uint8Array(128);
  #length = 0;

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Of a whole number from 0 to 2^32 - 1. */
  varint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  bigVarint(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    if (rest < 0x8000_0000n) return this.varint(Number(rest));
    this.#reserve(10);
    while (rest > 127n) {
      this.#bytes[this.#length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#length++] = Number(rest);
  }

  block(block: Uint8Array): void {
    this.varint(block.length);
    this.#reserve(block.length);
    this.#bytes.set(block, this.#length);
    this.#length += block.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.bytes());
    this.#bytes = larger;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  tag(): Tag {
    const [low, high] = this.varint();
    const number = low >>> 3;
    if (high !== 0 || number === 0 || number > FIELD_NUMBER_MAX) {
      throw new MalformedError("a field number out of range");
    }
    return { number, wire: low & 7 };
  }

  varint(): Halves {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      const bits = byte & 127;
      if (shift < 32) low |= bits << shift;
      if (shift === 28) high = bits >>> 4;
      if (shift > 28) high |= shift < 64 ? bits << (shift - 32) : 0;
      if (byte < 128) return [low >>> 0, high >>> 0];
    }
    throw new MalformedError("a varint of more than 10 bytes");
  }

  block(): Uint8Array {
    const [length, high] = this.varint();
    return this.take(high === 0 ? length : Number.POSITIVE_INFINITY);
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new MalformedError("cut short");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new MalformedError("cut short");
    return byte;
  }
}
