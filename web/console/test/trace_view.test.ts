import { describe, expect, it } from "vitest";
import { payloadText, questionOf, toneOf } from "../src/console/view/trace/trace_data";
import { words } from "../src/console/view/trace/words";
import { language } from "../src/look/language";

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

describe("another message with the same packetId", () => {
  const other = { sequence: "176000000000000000", at: 1, account: "bob" };

  it("is asked for by its sequence, which is unique", () => {
    expect(questionOf(other, "p1")).toEqual({ id: "176000000000000000", from: "" });
  });

  it("is asked for by its sender where it has no sequence: it was refused", () => {
    expect(questionOf({ ...other, sequence: null }, "p1")).toEqual({ id: "p1", from: "bob" });
  });

  it("cannot be asked for when neither is known", () => {
    expect(questionOf({ ...other, sequence: null, account: null }, "p1")).toBeUndefined();
  });
});

describe("the words of a long way", () => {
  it.each(["en", "zh"] as const)("say how many steps are not shown in %s", (chosen) => {
    language.value = chosen;
    expect(words.value.stepsOmitted(1200)).toMatch(/1,?200/);
  });
});
