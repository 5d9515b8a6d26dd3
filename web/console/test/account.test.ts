import { type ClientEvent, GroupMessage, Message, MimcError } from "@openmimc/sdk";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Account } from "../src/model/account";
import { type Content, write } from "../src/model/format";
import { FakeClient, ID } from "./fake_client";

vi.mock("@openmimc/sdk", async (original) => ({
  ...(await original<object>()),
  Client: (await import("./fake_client")).FakeClient,
}));

let alice: Account;
let client: FakeClient;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", async () => Response.json({ code: 200, data: {} }));
  alice = await Account.signIn("alice", "1");
  client = FakeClient.last;
  await client.happens({ type: "connected", uuid: "1" });
});

afterEach(() => {
  vi.useRealTimers();
});

function parts(sequence: string, from: string, content: Content) {
  const payload = new TextEncoder().encode(write(content, from, `id-${sequence}`).payload);
  const common = { packetId: `p-${sequence}`, fromResource: "phone", bizType: "", payload };
  return { ...common, sequence, fromAccount: from, timestampMs: Date.now() };
}

function message(sequence: string, from: string, content: Content, to = "alice"): ClientEvent {
  const of = { ...parts(sequence, from, content), toAccount: to };
  return { type: "message", message: new Message(of) };
}

function groupMessage(sequence: string, from: string, content: Content): ClientEvent {
  const of = { ...parts(sequence, from, content), topicId: ID };
  return { type: "groupMessage", message: new GroupMessage(of) };
}

function text(of: string): Content {
  return { kind: "text", text: of };
}

const titles = () => alice.conversations.value.map(({ title }) => title.value);

test("a message makes its conversation, the last active first", async () => {
  await client.happens(message("1", "bob", text("hello")));
  await vi.advanceTimersByTimeAsync(1);
  await client.happens(message("2", "carol", text("hi")));
  expect(titles()).toEqual(["carol", "bob"]);
  expect(alice.conversation("bob", false).unread.value).toBe(1);
});

test("what I sent on another device is in the conversation with its receiver", async () => {
  await client.happens(message("1", "alice", text("from my phone"), "bob"));
  expect(titles()).toEqual(["bob"]);
  expect(alice.conversation("bob", false).unread.value).toBe(0);
});

test("the first message of an unknown group asks for its name and members", async () => {
  await client.happens(groupMessage("1", "bob", text("welcome")));
  expect(titles()).toEqual(["Picnic"]);
  expect(alice.conversation(ID, true).members.value).toHaveLength(2);
  await client.happens(groupMessage("2", "bob", text("more")));
  expect(client.topics.get).toHaveBeenCalledTimes(1);
});

test("a note about members asks who they are now", async () => {
  await client.happens(groupMessage("1", "bob", text("welcome")));
  await client.happens(groupMessage("2", "bob", { kind: "membersAdded", accounts: ["dave"] }));
  expect(client.topics.get).toHaveBeenCalledTimes(2);
});

test("a ping is answered when it is fresh, and asked by another", async () => {
  await client.happens(message("1", "bob", { kind: "ping" }));
  expect(client.sent).toMatchObject([
    { to: "bob", content: { kind: "pong" }, isStore: false, bizType: "PONG" },
  ]);
  const stale = message("2", "bob", { kind: "ping" });
  await vi.advanceTimersByTimeAsync(10_001);
  await client.happens(stale, message("3", "alice", { kind: "ping" }, "bob"));
  expect(client.sent).toHaveLength(1);
  expect(titles()).toEqual([]);
});

test("an answer in time says that somebody is online; none, that he is not", async () => {
  const bob = alice.conversation("bob", false);
  alice.ping(bob);
  expect(bob.presence.value).toBe("asking");
  await client.happens(message("1", "bob", { kind: "pong" }));
  expect(bob.presence.value).toBe("online");
  alice.ping(bob);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(bob.presence.value).toBe("silent");
});

test("what has been looked at is receipted to a person, once, and to a group never", async () => {
  await client.happens(message("1", "bob", text("a")), message("2", "bob", text("b")));
  const bob = alice.conversation("bob", false);
  alice.markRead(bob);
  alice.markRead(bob);
  expect(client.sent).toMatchObject([{ to: "bob", content: { kind: "read", of: "id-2" } }]);
  await client.happens(groupMessage("3", "bob", text("c")));
  alice.markRead(alice.conversation(ID, true));
  expect(client.sent).toHaveLength(1);
});

test("a receipt marks what I wrote up to there as read", async () => {
  const bob = alice.conversation("bob", false);
  await alice.send(bob, text("hello"));
  const own = bob.last.value;
  expect(bob.readTheirs.value).toBe("");
  await client.happens(message("200", "bob", { kind: "read", of: own?.frame.id ?? "" }));
  expect(bob.readTheirs.value).toBe(own?.sequence);
});

test("a message that was refused says why, and is sent again under its id", async () => {
  const bob = alice.conversation("bob", false);
  client.fails = new MimcError("refused", "blocked", 403);
  await alice.send(bob, text("hello"));
  expect(bob.last.value).toMatchObject({ state: "failed", reason: "blocked" });
  client.fails = undefined;
  const failed = bob.last.value;
  await alice.retry(bob, failed as NonNullable<typeof failed>);
  expect(bob.shown.value).toHaveLength(1);
  expect(bob.last.value).toMatchObject({ state: "sent", frame: { id: failed?.frame.id } });
});

test("conversations that do not load say so, and come with the next try", async () => {
  client.contacts.list.mockRejectedValueOnce(new Error("no network"));
  await alice.load();
  expect(alice.hasFailed.value).toBe(true);
  await client.happens({ type: "connected", uuid: "1" });
  expect(alice.hasFailed.value).toBe(false);
});

test("what did not load of the open conversation comes with the next connection", async () => {
  client.history.withAccount.mockRejectedValueOnce(new Error("no network"));
  const bob = alice.conversation("bob", false);
  alice.show(bob);
  await vi.advanceTimersByTimeAsync(0);
  expect(bob.hasFailed.value).toBe(true);
  await client.happens({ type: "connected", uuid: "1" });
  expect(bob.hasFailed.value).toBe(false);
});

test("the state of the connection is told in the page's words", async () => {
  expect(alice.status.value).toBe("online");
  const lost = { type: "disconnected", reason: "closed", detail: "", retryInMs: 1 } as const;
  await client.happens(lost);
  expect(alice.status.value).toBe("reconnecting");
  await client.happens({ type: "kicked", reason: "banned" });
  expect(alice.status.value).toEqual({ refused: "banned" });
  alice.connect();
  await FakeClient.last.happens({ type: "kicked", reason: "replaced" });
  expect(alice.status.value).toBe("replaced");
});
