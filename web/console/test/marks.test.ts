import { expect, test } from "vitest";
import { ReadMarks } from "../src/model/marks";

const KEY = "mimc.chat.read.alice";

test("a mark moves forward, never back", () => {
  const marks = new ReadMarks("alice");
  expect(marks.get("mine", "p:bob")).toBe("");
  expect(marks.advance("mine", "p:bob", "170000000012300001")).toBe("170000000012300001");
  expect(marks.advance("mine", "p:bob", "99")).toBe("170000000012300001");
  expect(marks.advance("mine", "p:bob", "")).toBe("170000000012300001");
});

test("marks are kept over a reload, each account's apart", () => {
  new ReadMarks("alice").advance("mine", "p:bob", "5");
  expect(new ReadMarks("alice").get("mine", "p:bob")).toBe("5");
  expect(new ReadMarks("carol").get("mine", "p:bob")).toBe("");
});

test("what I have read and what they have read are two things, and so are a person and a group", () => {
  const marks = new ReadMarks("alice");
  marks.advance("mine", "p:1", "5");
  expect(marks.get("theirs", "p:1")).toBe("");
  expect(marks.get("mine", "g:1")).toBe("");
});

test.each(["", "{", "null", "7", "[]", '{"mine":7}', '{"mine":null,"theirs":[]}'])(
  "a record that reads %j is begun anew",
  (kept) => {
    localStorage.setItem(KEY, kept);
    const marks = new ReadMarks("alice");
    expect(marks.get("mine", "p:bob")).toBe("");
    expect(marks.advance("mine", "p:bob", "5")).toBe("5");
    expect(new ReadMarks("alice").get("mine", "p:bob")).toBe("5");
  },
);

test("names that every object has are names like others", () => {
  const marks = new ReadMarks("alice");
  expect(marks.get("mine", "constructor")).toBe("");
});
