import { expect, test } from "vitest";
import { Conversation } from "../src/model/conversation";
import { type Content, write } from "../src/model/format";
import { ReadMarks } from "../src/model/marks";
import { type Entry, entry } from "../src/model/timeline";

function made(): Conversation {
  return new Conversation("bob", false, "alice", new ReadMarks("alice"));
}

function came(sequence: string, from: string, content: Content): Entry {
  const of = { sequence, packetId: "", from, time: Number(sequence) };
  return entry(of, write(content, from, `id-${sequence}`).payload);
}

const hello: Content = { kind: "text", text: "hello" };

test("what others have written since I looked is unread", () => {
  const bob = made();
  bob.add(came("1", "bob", hello), came("2", "alice", hello), came("3", "bob", hello));
  expect(bob.unread.value).toBe(2);
  bob.markRead();
  expect(bob.unread.value).toBe(0);
  bob.add(came("4", "bob", hello));
  expect(bob.unread.value).toBe(1);
});

test("signals and recalls are not unread", () => {
  const bob = made();
  const signals: Content[] = [{ kind: "ping" }, { kind: "read", of: "x" }];
  bob.add(...signals.map((content, at) => came(String(at + 1), "bob", content)));
  bob.add(came("9", "bob", { kind: "recall", of: "x" }));
  expect(bob.unread.value).toBe(0);
});

test("a receipt is owed once for all that was unread, and names the last of it", () => {
  const bob = made();
  expect(bob.markRead()).toBeUndefined();
  bob.add(came("1", "bob", hello), came("2", "bob", hello), came("3", "alice", hello));
  expect(bob.markRead()?.frame.id).toBe("id-2");
  expect(bob.markRead()).toBeUndefined();
});

test("what was read stays so after a reload, on either side", () => {
  const bob = made();
  bob.add(came("1", "bob", hello));
  bob.markRead();
  bob.markReadByThem("7");
  const again = made();
  again.add(came("1", "bob", hello));
  expect(again.unread.value).toBe(0);
  expect(again.readTheirs.value).toBe("7");
});

test("a person and a group of one name are two conversations", () => {
  const marks = new ReadMarks("alice");
  const keys = [false, true].map((isGroup) => new Conversation("1", isGroup, "alice", marks).key);
  expect(new Set(keys).size).toBe(2);
});
