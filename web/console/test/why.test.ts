import { MimcError } from "@openmimc/sdk";
import { beforeEach, expect, test } from "vitest";
import { inWords, why } from "../src/chat/why";
import { language } from "../src/look/language";
import { reasonOf } from "../src/model/reason";

beforeEach(() => {
  language.value = "en";
});

test("what the server refuses is said in the reader's language", () => {
  const blocked = reasonOf(new MimcError("refused", "blocked", 403));
  expect(why(blocked)).toBe("they blocked you");
  language.value = "zh";
  expect(why(blocked)).toBe("对方已将你拉黑");
});

test("too large is too large, whatever the server calls it", () => {
  const [socket, rest] = ["payload too large", "body too large"].map((words) =>
    reasonOf(new MimcError("refused", words, 413)),
  );
  expect([socket, rest].map((reason) => why(reason ?? ""))).toEqual(["too long", "too long"]);
});

test("a server that does not answer, or not in time, or not in this protocol is one thing", () => {
  for (const kind of ["unreachable", "timedOut", "badServer"] as const) {
    expect(why(reasonOf(new MimcError(kind, "x")))).toBe("the server does not answer");
  }
  for (const kind of ["noToken", "ended", "outboxFull"] as const) {
    expect(why(reasonOf(new MimcError(kind, "x")))).toMatch(/ /);
  }
});

test("what nobody foresaw is said as it came", () => {
  expect(why(reasonOf(new MimcError("refused", "invalid parameter: x", 400)))).toBe(
    "invalid parameter: x",
  );
  expect(why(reasonOf(new Error("odd")))).toBe("odd");
  expect(why(reasonOf("odd"))).toBe("odd");
  expect(why("toString")).toBe("toString");
  expect(why("other")).toBe("other");
});

test("a dialog is given words for what went wrong, and what went well as it is", async () => {
  expect(await inWords(Promise.resolve(7))).toBe(7);
  const refused = Promise.reject(new MimcError("refused", "create topic fail", 500));
  await expect(inWords(refused)).rejects.toThrow("The group could not be made.");
});
