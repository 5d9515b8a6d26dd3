import { describe, expect, it } from "vitest";
import type { Attempt } from "../src/console/view/callbacks/callback_data";
import { readable } from "../src/console/view/callbacks/readable";
import { answerOf } from "../src/console/view/callbacks/status";

describe("JSON to read", () => {
  it("has a line for each value", () => {
    expect(readable('{"a":[1,"b"],"c":{}}')).toBe(
      '{\n  "a": [\n    1,\n    "b"\n  ],\n  "c": {}\n}',
    );
    expect(readable("[ ]")).toBe("[]");
    expect(readable("true")).toBe("true");
  });

  it("keeps every digit, and every letter of a text", () => {
    const text = String.raw`{"appId":2882303761517613988,"text":"a, {b}: \"c\" [\\] 你好","n":-1.50e3}`;
    const shown = readable(text);
    expect(shown).toContain('"appId": 2882303761517613988,');
    expect(shown).toContain(String.raw`"text": "a, {b}: \"c\" [\\] 你好",`);
    expect(shown).toContain('"n": -1.50e3');
  });

  it("leaves alone what is none", () => {
    for (const text of ["", "{", "hello\n  world", '{"a":1}}']) {
      expect(readable(text)).toBe(text);
    }
  });
});

describe("what an attempt was answered", () => {
  const attempt = (httpStatus: number | null, error: string | null): Attempt => ({
    at: 1,
    httpStatus,
    error,
    ms: 2,
  });

  it("is the status, or why there is none", () => {
    expect(answerOf(attempt(200, null))).toBe("HTTP 200");
    expect(answerOf(attempt(null, "connection refused"))).toBe("connection refused");
    expect(answerOf(attempt(500, "answered 500, not 200"))).toBe("HTTP 500");
    expect(answerOf(undefined)).toBe("–");
    expect(answerOf(attempt(null, null))).toBe("–");
  });
});
