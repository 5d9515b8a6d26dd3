import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { adler32 } from "../src/adler32.js";
import { fromBase64, textOf, toBase64, utf8 } from "../src/bytes.js";
import { rc4 } from "../src/rc4.js";
import { sha1 } from "../src/sha1.js";
import { hex, seeded, unhex } from "./bytes.js";

const chance = seeded(1);
const bytes = (length: number) => Uint8Array.from({ length }, () => chance() * 256);

test("SHA-1 of every length around its blocks is that of Node", () => {
  for (let length = 0; length < 200; length++) {
    const data = bytes(length);
    expect(hex(sha1(data))).toBe(createHash("sha1").update(data).digest("hex"));
  }
});

test("RC4 gives what its inventor's example gives, and back", () => {
  const cipher = rc4(utf8("Key"), utf8("Plaintext"));
  expect(hex(cipher)).toBe("bbf316e8d940af0ad3");
  expect(textOf(rc4(utf8("Key"), cipher))).toBe("Plaintext");
});

test("Adler-32 of known texts", () => {
  expect(adler32(utf8(""))).toBe(1);
  expect(adler32(utf8("Wikipedia"))).toBe(0x11e60398);
  expect(adler32(new Uint8Array(100_000).fill(255))).toBe(0x149a302c);
  expect(adler32(unhex("c2fe000500000000"))).toBe(0x0d2301c6);
});

test("base64 goes both ways", () => {
  for (let length = 0; length < 20; length++) {
    const data = bytes(length);
    expect(toBase64(data)).toBe(Buffer.from(data).toString("base64"));
    expect(fromBase64(toBase64(data))).toEqual(data);
  }
});

test("text of four bytes a letter, and a byte order mark, survive", () => {
  for (const text of ["𠮷野家 👩‍👩‍👧", "\ufefffirst"]) expect(textOf(utf8(text))).toBe(text);
});
