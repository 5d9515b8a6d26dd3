import { GroupMessage, Message } from "@openmimc/sdk";
import { expect, test } from "vitest";
import { History } from "../src/model/history";
import { fakeAccount } from "./fake_account";

const PAGE = 30;

function messages(from: number, count: number): Message[] {
  return Array.from({ length: count }, (_, at) => {
    const sequence = String(from + at);
    const payload = new TextEncoder().encode(`line ${sequence}`);
    const parts = { packetId: `p-${sequence}`, fromAccount: "bob", fromResource: "", bizType: "" };
    const place = { sequence, timestampMs: from + at, payload, toAccount: "alice" };
    return new Message({ ...parts, ...place });
  });
}

function made() {
  const { fake, account, known } = fakeAccount();
  return { fake, known, history: new History(account), bob: account.conversation("bob", false) };
}

test("a page is loaded above what is there, until there is nothing earlier", async () => {
  const { fake, history, bob } = made();
  const { withAccount } = fake.client.history;
  withAccount.mockResolvedValueOnce({ messages: messages(100, PAGE) });
  await history.loadEarlier(bob);
  expect(withAccount).toHaveBeenLastCalledWith("bob", { beforeMs: undefined, count: PAGE });
  expect(bob.hasEarlier.value).toBe(true);
  withAccount.mockResolvedValueOnce({ messages: messages(95, 5) });
  await history.loadEarlier(bob);
  expect(withAccount).toHaveBeenLastCalledWith("bob", { beforeMs: 100, count: PAGE });
  expect(bob.shown.value).toHaveLength(PAGE + 5);
  expect(bob.shown.value[0]?.content).toEqual({ kind: "text", text: "line 95" });
  expect(bob.hasEarlier.value).toBe(false);
  await history.loadEarlier(bob);
  expect(withAccount).toHaveBeenCalledTimes(2);
});

test("what could not be loaded is said, and can be tried again", async () => {
  const { fake, history, bob } = made();
  const { withAccount } = fake.client.history;
  withAccount.mockRejectedValueOnce(new Error("no network"));
  await history.loadEarlier(bob);
  expect(bob.hasFailed.value).toBe(true);
  expect(bob.hasEarlier.value).toBe(true);
  expect(bob.isLoading.value).toBe(false);
  withAccount.mockResolvedValueOnce({ messages: messages(1, 2) });
  await history.loadEarlier(bob);
  expect(bob.hasFailed.value).toBe(false);
  expect(bob.shown.value).toHaveLength(2);
});

test("one page is asked for at a time", async () => {
  const { fake, history, bob } = made();
  fake.client.history.withAccount.mockResolvedValue({ messages: [] });
  await Promise.all([history.loadEarlier(bob), history.loadEarlier(bob)]);
  expect(fake.client.history.withAccount).toHaveBeenCalledTimes(1);
});

test("a group's history is asked for by its topicId", async () => {
  const { fake, history } = made();
  const group = fake.conversation("21351198708203520", true);
  const [one] = messages(5, 1);
  const message = new GroupMessage({ ...(one as Message), topicId: group.id });
  fake.client.history.ofTopic.mockResolvedValue({ messages: [message] });
  await history.loadEarlier(group);
  expect(group.shown.value).toHaveLength(1);
});

test("contacts are conversations with their last message: a person by name, a group by id", async () => {
  const { fake, known, history } = made();
  const lastMessage = { sequence: "9", fromAccount: "carol", text: "hello" };
  fake.client.contacts.list.mockResolvedValue([
    { userType: "USER", id: "77", name: "carol", timestampMs: 9, lastMessage },
    { userType: "TOPIC", id: "21351198708203520", name: "Picnic", timestampMs: 8, lastMessage },
  ]);
  await history.loadContacts();
  expect(known.get("carol")?.last.value).toMatchObject({ from: "carol", sequence: "9" });
  expect(known.get("21351198708203520")?.title.value).toBe("Picnic");
  expect(known.get("carol")?.unread.value).toBe(1);
});
