import { describe, expect, it } from "vitest";
import { payloadText, toneOf } from "../src/console/view/trace/trace_data";

describe("the payload of a traced message", () => {
  it("is text where it is text", () => {
    expect(payloadText(Buffer.from("你好 👋").toString("base64"))).toBe("你好 👋");
    expect(payloadText("")).toBe("");
  });

  it("is bytes where it is none", () => {
    expect(payloadText(Buffer.from([0xff, 0x00, 0x0a]).toString("base64"))).toBe("ff 00 0a");
  });
});

describe("a step", () => {
  it("is good, bad or something one waits for; an unknown one is none of these", () => {
    expect(["acknowledged", "refused", "offline", "something new"].map(toneOf)).toEqual([
      "good",
      "bad",
      "warn",
      "plain",
    ]);
  });
});
