import { beforeEach, expect, test } from "vitest";
import { note, summary } from "../src/chat/summary";
import { language } from "../src/look/language";
import type { Content } from "../src/model/format";
import { entry, type Shown } from "../src/model/timeline";

function said(from: string, content: Content, more: Partial<Shown> = {}): Shown {
  const of = entry({ sequence: "1", packetId: "", from, time: 1 }, "");
  return { ...of, content, isRecalled: false, isAnswered: false, ...more };
}

const image: Content = { kind: "attachment", type: "PIC_FILE", url: "https://a.example", name: "" };

beforeEach(() => {
  language.value = "en";
});

test("a message between two is summed up in its words", () => {
  const words = (content: Content) => summary(said("bob", content), "alice", false);
  expect(words({ kind: "text", text: "hello 🏔" })).toBe("hello 🏔");
  expect(words(image)).toBe("Image");
  expect(words({ kind: "friendRequest" })).toBe("bob would like to add you as a friend.");
  expect(words({ kind: "friendAnswer", accepted: false })).toBe("Friend request declined");
  expect(words({ kind: "ping" })).toBe("");
});

test("in a group it begins with who said it, unless it was me", () => {
  const hello: Content = { kind: "text", text: "hello" };
  expect(summary(said("bob", hello), "alice", true)).toBe("bob: hello");
  expect(summary(said("alice", hello), "alice", true)).toBe("hello");
});

test("what was recalled is not said again", () => {
  const secret = said("bob", { kind: "text", text: "secret" }, { isRecalled: true });
  expect(summary(secret, "alice", false)).toBe("Message recalled");
});

test("a note says what happened to the group, and to whom", () => {
  const added: Content = { kind: "membersAdded", accounts: ["carol", "alice"] };
  expect(summary(said("bob", added), "alice", true)).toBe("bob added carol, you");
  expect(note(said("alice", added), "alice")).toBe("You added carol, you");
  expect(note(said("bob", { kind: "memberLeft" }), "alice")).toBe("bob left the group");
  expect(note(said("bob", { kind: "groupDismissed" }), "alice")).toBe("bob dismissed the group");
});

test("in Chinese there are no blanks between Chinese words, and some around others", () => {
  language.value = "zh";
  const added: Content = { kind: "membersAdded", accounts: ["alice"] };
  expect(note(said("bob", added), "alice")).toBe("bob 邀请你加入群聊");
  expect(note(said("小红", { kind: "memberLeft" }), "alice")).toBe("小红退出了群聊");
  expect(summary(said("小红", image), "alice", true)).toBe("小红：图片");
});
