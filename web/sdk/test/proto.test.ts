import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  type Message,
  toBinary,
} from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import {
  type FieldDescriptorProto_Label,
  type FieldDescriptorProto_Type,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import * as generated from "../src/generated.js";
import { decode, encode, type Field, MalformedError, type Table } from "../src/proto.js";
import { hex, seeded, unhex } from "./bytes.js";

type Values = Record<string, unknown>;
const tables = Object.entries(generated) as unknown as [string, Table<Values>][];
/** Numbers of descriptor.proto. */
const TYPES = {
  int64: 3,
  uint64: 4,
  int32: 5,
  bool: 8,
  string: 9,
  message: 11,
  bytes: 12,
  uint32: 13,
};
const [OPTIONAL, REPEATED] = [1, 3];

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, {
    file: [
      {
        name: "mimc.proto",
        syntax: "proto2",
        messageType: tables.map(([name, table]) => ({ name, field: table.map(described) })),
      },
    ],
  }),
);

function described([number, name, kind, inner, isRepeated]: Field) {
  const typeName = tables.find(([, table]) => table === inner)?.[0];
  return {
    number,
    name,
    jsonName: name,
    type: TYPES[kind] as FieldDescriptorProto_Type,
    label: (isRepeated ? REPEATED : OPTIONAL) as FieldDescriptorProto_Label,
    ...(typeName ? { typeName: `.${typeName}` } : {}),
  };
}

const chance = seeded(20);
const below = (limit: number) => Math.floor(chance() * limit);

function randomMessage(table: readonly Field[]): Values {
  const message: Values = {};
  for (const [, name, kind, inner, isRepeated] of table) {
    if (chance() < 0.3) continue;
    const one = () => randomValue(kind, inner as Table<Values> | undefined);
    message[name] = isRepeated ? Array.from({ length: 1 + below(3) }, one) : one();
  }
  return message;
}

function randomValue(kind: Field[2], inner: Table<Values> | undefined): unknown {
  const bits = 1n << BigInt(below(64));
  switch (kind) {
    case "int32":
      return (below(2 ** 32) >> below(32)) | 0;
    case "uint32":
      return below(2 ** 32) >>> below(32);
    case "int64":
      return String(BigInt.asIntN(64, chance() < 0.5 ? bits - 1n : -bits));
    case "uint64":
      return String(BigInt.asUintN(64, bits * 3n - 1n));
    case "bool":
      return chance() < 0.5;
    case "string":
      return ["", "a", "é", "中文", "👍🏽", "x".repeat(below(300))][below(6)];
    case "bytes":
      return Uint8Array.from({ length: below(200) }, () => below(256));
    case "message":
      return randomMessage(inner ?? []);
  }
}

/** As protobuf-es wants it: 64-bit numbers are bigint. */
function forOther(table: readonly Field[], message: Values): Values {
  const entries = table.flatMap(([, name, kind, inner]) => {
    const value = message[name];
    if (value === undefined) return [];
    const one = (each: unknown) => {
      if (kind === "int64" || kind === "uint64") return BigInt(each as string);
      return kind === "message" ? forOther(inner ?? [], each as Values) : each;
    };
    return [[name, Array.isArray(value) ? value.map(one) : one(value)]];
  });
  return Object.fromEntries(entries);
}

function descriptor(name: string): DescMessage {
  return registry.getMessage(name) as DescMessage;
}

test.each(tables)("%s is encoded as protobuf-es does it, and read back", (name, table) => {
  for (let round = 0; round < 100; round++) {
    const message = randomMessage(table);
    const other = create(descriptor(name), forOther(table, message) as Message);
    const bytes = encode(table, message);
    expect(hex(bytes)).toBe(hex(toBinary(descriptor(name), other)));
    expect(decode(table, bytes)).toEqual(message);
  }
});

test.each(tables)(
  "%s cut anywhere is refused or shorter, and never anything else",
  (name, table) => {
    const bytes = encode(table, randomMessage(table));
    for (let at = 0; at < bytes.length; at++) agree(name, table, bytes.subarray(0, at));
  },
);

test.each(tables)("%s with bytes changed is read as protobuf-es reads it", (name, table) => {
  for (let round = 0; round < 200; round++) {
    const bytes = encode(table, randomMessage(table));
    for (let change = below(3); change >= 0; change--) bytes[below(bytes.length)] = below(256);
    agree(name, table, bytes);
  }
});

/** What ours has read is what the other has read. */
function agree(name: string, table: Table<Values>, bytes: Uint8Array): void {
  let read: Values;
  try {
    read = decode(table, bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedError);
    return;
  }
  // A known field of a wrong wire type is an unknown one here; the other reads it all the same.
  if (hasWrongWireType(table, bytes)) return;
  const other = fromBinary(descriptor(name), bytes, { readUnknownFields: false });
  const again = create(descriptor(name), forOther(table, read) as Message);
  expect(hex(toBinary(descriptor(name), again))).toBe(hex(toBinary(descriptor(name), other)));
}

function hasWrongWireType(table: readonly Field[], bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag();
    const field = table.find((each) => each[0] === number);
    const isBlock = ["string", "bytes", "message"].includes(field?.[2] ?? "");
    if (field && wire !== (isBlock ? WireType.LengthDelimited : WireType.Varint)) return true;
    if (field?.[3] && hasWrongWireType(field[3], reader.bytes())) return true;
    if (!field?.[3]) reader.skip(wire, number);
  }
  return false;
}

test("unknown fields of every wire type are skipped", () => {
  const unknown = unhex(
    `a00601 a1060102030405060708 a206020102 a306 080f a406 a50601020304`.replaceAll(" ", ""),
  );
  const known = encode(generated.XmMsgKick, { type: "wait" });
  const whole = new Uint8Array([...unknown, ...known]);
  expect(decode(generated.XmMsgKick, whole)).toEqual({ type: "wait" });
});

test.each([
  ["a varint of 11 bytes", "08ffffffffffffffffffff01"],
  ["a length beyond the end", "0a7f61"],
  ["a length of 2^63", "0a808080808080808080 01".replace(" ", "")],
  ["field number 0", "0001"],
  ["a group that never ends", "a30608"],
  ["the end of a group that never began", "a406"],
  ["wire type 7", "a706"],
  ["groups in groups in groups", "a306".repeat(100)],
])("%s is refused", (_, bytes) => {
  expect(() => decode(generated.ClientHeader, unhex(bytes))).toThrow(MalformedError);
});

test("decoded bytes are views: a small input cannot ask for much", () => {
  const input = encode(generated.MimcPacket, { payload: new Uint8Array(50) });
  const { payload } = decode(generated.MimcPacket, input);
  expect(payload?.buffer).toBe(input.buffer);
});
