import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { layouts } from "../src/console/view/playground/frames/layout";
import { bytesOf, hex, NotBytesError } from "../src/console/view/playground/frames/pasted";
import { type Keys, type Reading, read } from "../src/console/view/playground/frames/reading";
import type { Node } from "../src/console/view/playground/frames/tree";

const file = new URL("../../../proto/vectors.json", import.meta.url);
const { inputs, vectors } = JSON.parse(readFileSync(file, "utf8"));
const frames: [string, string][] = vectors
  .filter(({ value }: { value: unknown }) => typeof value === "string" && value.startsWith("c2fe"))
  .map(({ name, value }: { name: string; value: string }) => [name, value]);
const keys: Keys = {
  securityKey: inputs.securityKey,
  challenge: inputs.challenge,
  udid: inputs.udid,
};

function only(text: string, given = keys): Reading {
  const { frames: readings, fault } = read(bytesOf(text), given);
  expect(fault).toBeUndefined();
  expect(readings).toHaveLength(1);
  return readings[0] as Reading;
}

function leaf(nodes: readonly Node[] | undefined, ...path: string[]): string | undefined {
  const [name, ...rest] = path;
  const found = nodes?.find((node) => node.name === name);
  return rest.length === 0 ? found?.value : leaf(found?.children, ...rest);
}

describe("what is pasted", () => {
  it("is hex with anything between, or base64", () => {
    const expected = Uint8Array.of(0xc2, 0xfe, 0, 5);
    for (const text of [
      "c2fe0005",
      "C2 FE 00 05\n",
      "0xc2, 0xfe, 0x00, 0x05",
      "\\xc2\\xfe\\x00\\x05",
      "wv4ABQ==",
      "wv4ABQ",
    ]) {
      expect(bytesOf(text), text).toEqual(expected);
    }
    expect(hex(expected)).toBe("c2 fe 00 05");
    expect(bytesOf("")).toHaveLength(0);
  });

  it("says what is neither", () => {
    expect(() => bytesOf("c2fe§§")).toThrow(NotBytesError);
    expect(() => bytesOf("c2fe§§")).toThrow("§§");
  });
});

describe("the vectors of the protocol", () => {
  it("are there", () => {
    expect(frames.length).toBeGreaterThan(20);
  });

  it.each(frames)("%s", (name, value) => {
    const udid = name.includes('udid ""') || name.includes("no udid") ? "" : inputs.udid;
    const readings = [udid, "", inputs.udid].map((one) => only(value, { ...keys, udid: one }));
    const reading = readings.find(({ body }) => body !== "wrong-key") as Reading;
    expect(reading, name).toBeDefined();
    expect(reading.fault).toBeUndefined();
    if (reading.body === "ping") {
      return;
    }
    expect(["clear", "decrypted"]).toContain(reading.body);
    expect(reading.cmd).toMatch(/^(CONN|BIND|PING|UBND|KICK|SECMSG)$/);
    expect(["clear", "decrypted", "empty"]).toContain(reading.payload);
    if (reading.cmd === "SECMSG") {
      expect(leaf(reading.message, "type")).toBeTruthy();
    }
  });

  it("teach the body key to the frames after CONN and its answer", () => {
    const text = ["T1 ", "T2 ", "T3 "].map((start) => {
      const found = frames.find(([name]) => name.startsWith(start));
      return (found as [string, string])[1];
    });
    const { frames: readings } = read(bytesOf(text.join("\n")), {
      ...keys,
      challenge: "",
      udid: "",
    });
    expect(readings.map(({ cmd }) => cmd)).toEqual(["CONN", "CONN", "BIND"]);
    expect(readings[2]?.body).toBe("decrypted");
    expect(leaf(readings[2]?.message, "token")).toBe(inputs.token);
    expect(leaf(readings[1]?.message, "challenge")).toBe(inputs.challenge);
  });
});

describe("what cannot be read", () => {
  const bind = (frames.find(([name]) => name.startsWith("T3 ")) as [string, string])[1];
  const secmsg = frames.filter(([, value]) => {
    const reading = read(bytesOf(value), keys).frames[0];
    return reading?.cmd === "SECMSG" && reading.payload === "decrypted";
  });

  it("asks for the challenge, or says that the key is wrong", () => {
    expect(only(bind, { ...keys, challenge: "" }).body).toBe("needs-challenge");
    expect(only(bind, { ...keys, challenge: "another challenge" }).body).toBe("wrong-key");
  });

  it("asks for the account, or says that its key is wrong", () => {
    expect(secmsg.length).toBeGreaterThan(0);
    for (const [, value] of secmsg) {
      expect(only(value, { ...keys, securityKey: "" }).payload).toBe("needs-account");
      expect(only(value, { ...keys, securityKey: "d3Jvbmc=" }).payload).toBe("wrong-key");
    }
  });

  it("points at a wrong checksum, magic, version and length", () => {
    const damaged = bytesOf(bind);
    const last = damaged.length - 1;
    damaged[last] = (damaged[last] ?? 0) ^ 1;
    const fault = layouts(damaged).frames[0]?.fault;
    expect(fault).toMatchObject({ kind: "checksum", at: damaged.length - 4 });
    expect(fault?.expected).not.toBe(fault?.found);
    expect(layouts(bytesOf("ffff0005")).fault).toMatchObject({
      kind: "magic",
      at: 0,
      found: "ffff",
    });
    expect(layouts(bytesOf("c2fe0009")).fault).toMatchObject({ kind: "version", at: 2 });
    expect(layouts(bytesOf("c2fe00057fffffff")).fault).toMatchObject({ kind: "length" });
    expect(layouts(bytesOf("c2fe000400030003ffffffffffff")).fault).toMatchObject({ kind: "types" });
  });

  it("is cut anywhere and never breaks", () => {
    for (const [, value] of frames) {
      const whole = bytesOf(value);
      for (let end = 0; end < whole.length; end += 1) {
        const { frames: found, fault } = read(whole.subarray(0, end), keys);
        expect(found).toHaveLength(0);
        expect(end === 0 ? undefined : "cut").toBe(fault?.kind);
      }
    }
  });

  it("keeps what was whole before it", () => {
    const { frames: found, fault } = read(bytesOf(`${bind}00`), keys);
    expect(found).toHaveLength(1);
    expect(fault?.kind).toBe("cut");
  });
});
