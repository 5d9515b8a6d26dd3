import { expect, test } from "vitest";
import { endpointOf } from "../src/endpoint.js";
import { Client } from "../src/index.js";
import type { FetchToken } from "../src/token.js";
import { APP_ID, envelope } from "./fakeServer.js";

interface Asked {
  method: string;
  url: string;
  token: string | undefined;
  topicId: string | undefined;
  body: unknown;
}

const topicId = "21351198708203520";
const topicPath = `api/topic/${APP_ID}`;

/** A client whose requests are answered from a list, and what it asked. */
function asking(answers: unknown[], fetchToken: FetchToken = () => envelope()) {
  const asked: Asked[] = [];
  const client = new Client({
    endpoint: "https://im.example.com/mimc",
    account: "alice",
    resource: "r",
    fetchToken,
    webSocket: class {} as never,
    fetch: async (url, { method = "", headers, body }) => {
      const { token, topicId } = headers as Record<string, string>;
      const text = typeof body === "string" ? JSON.parse(body) : undefined;
      asked.push({ method, url, token, topicId, body: text });
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return typeof answer === "string" ? new Response(answer) : Response.json(answer);
    },
  });
  return { client, asked };
}

function good(data: unknown) {
  return { code: 200, message: "success", data };
}

/** Where the last request went. */
function route(asked: Asked[]): string {
  const last = asked[asked.length - 1];
  return `${last?.method} ${last?.url.replace("https://im.example.com/mimc/", "")}`;
}

test("topics: each call goes to its route", async () => {
  const roster = { topicInfo: { topicId, topicName: "tea" }, members: [] };
  const { client, asked } = asking(Array.from({ length: 9 }, () => good(roster)));
  const { topics } = client;
  expect(await topics.create("tea", ["bob", "张三"], { extra: "x" })).toEqual(roster);
  expect(route(asked)).toBe(`POST ${topicPath}`);
  expect(asked[0]?.body).toEqual({ topicName: "tea", accounts: "bob,张三", extra: "x" });
  expect(asked[0]?.token).toBe("token-1");
  await topics.get(topicId);
  expect(route(asked)).toBe(`GET ${topicPath}/${topicId}`);
  await topics.list();
  expect(route(asked)).toBe(`GET ${topicPath}/account`);
  await topics.invite(topicId, ["carol"]);
  expect(route(asked)).toBe(`POST ${topicPath}/${topicId}/accounts`);
  await topics.remove(topicId, ["bob", "张 三"]);
  const names = "bob%2C%E5%BC%A0+%E4%B8%89";
  expect(route(asked)).toBe(`DELETE ${topicPath}/${topicId}/accounts?accounts=${names}`);
  await topics.update(topicId, { bulletin: "" });
  expect(asked[5]?.body).toEqual({ bulletin: "", topicId });
  await topics.leave(topicId);
  expect(route(asked)).toBe(`DELETE ${topicPath}/${topicId}/account`);
  await topics.dismiss(topicId);
  expect(route(asked)).toBe(`DELETE ${topicPath}/${topicId}`);
});

test("history is read as messages, and says where to go on", async () => {
  const raw = {
    sequence: "170000000012300001",
    payload: Buffer.from("好").toString("base64"),
    ts: 1_700_000_000_123,
    bizType: "TEXT",
    packetId: "p",
  };
  const p2p = { ...raw, fromAccount: "bob", toAccount: "alice" };
  const p2t = { ...raw, fromAccount: topicId, senderAccount: "bob", topicId };
  const { client, asked } = asking([
    good({ messages: [p2p], row: 1, timestamp: 1_700_000_000_123 }),
    good({ messages: [p2t], row: 1, timestamp: "1700000000123" }),
    good({ messages: [], row: 0, timestamp: 0 }),
    good({ messages: [], row: 0, timestamp: 0 }),
  ]);
  const page = await client.history.withAccount("bob", { beforeMs: 1_700_000_000_124, count: 50 });
  expect(route(asked)).toBe("POST api/msg/p2p/queryOnCount");
  expect(asked[0]?.body).toEqual({
    fromAccount: "alice",
    toAccount: "bob",
    utcToTime: "1700000000124",
    count: "50",
  });
  expect(page.earliestMs).toBe(1_700_000_000_123);
  const common = { sequence: raw.sequence, bizType: "TEXT", fromAccount: "bob", text: "好" };
  expect(page.messages[0]).toMatchObject({ ...common, toAccount: "alice" });
  const bySequence = await client.history.ofTopicBySequence(topicId, "1", "9");
  expect(bySequence.messages[0]).toMatchObject({ ...common, topicId });
  expect(asked[1]?.body).toEqual({ account: "alice", topicId, startSeq: "1", stopSeq: "9" });
  await client.history.withAccountBetween("bob", 1, 2);
  expect(asked[2]?.body).toMatchObject({ utcFromTime: "1", utcToTime: "2" });
  await client.history.ofTopic(topicId);
  const { utcToTime } = (asked[3] as Asked).body as Record<string, string>;
  expect(Number(utcToTime)).toBeGreaterThan(Date.now());
});

test("contacts are read", async () => {
  const raw = {
    userType: "USER",
    id: "5612345678901234",
    name: "bob",
    timestamp: "1700000000123",
    lastMessage: { fromUuid: "1", fromAccount: "bob", payload: "aGk=", sequence: "7" },
  };
  const { client, asked } = asking([good([raw]), good([]), good([])]);
  const [contact] = await client.contacts.list();
  expect(contact).toMatchObject({ name: "bob", timestampMs: 1_700_000_000_123 });
  expect(contact?.lastMessage).toMatchObject({ text: "hi", sequence: "7", bizType: "" });
  expect(await client.contacts.removeAccount("bob")).toEqual([]);
  expect(route(asked)).toBe("DELETE api/contact/p2p/session?member=bob");
  await client.contacts.removeTopic(topicId);
  expect(route(asked)).toBe(`DELETE api/contact/p2t/session?topicId=${topicId}`);
});

test("blacklist and presence", async () => {
  const status = [{ account: "bob", onlineResources: ["phone"] }];
  const { client, asked } = asking([good(null), good({ isBlack: true }), good(null), good(status)]);
  await client.blacklist.block("bob");
  expect(asked[0]).toMatchObject({ method: "POST", body: { blackAccount: "bob" } });
  expect(await client.blacklist.has("bob")).toBe(true);
  await client.blacklist.unblock("bob");
  expect(route(asked)).toBe("DELETE api/blacklist?blackAccount=bob");
  expect(await client.accounts.status(["bob"])).toEqual(status);
  expect(asked[3]?.body).toEqual({ accounts: ["bob"] });
});

test("a refused token is replaced once", async () => {
  const refusal = { code: 401, message: "authentication fail", data: null };
  const tokens = ["old", "new", "newest"];
  const { client, asked } = asking([refusal, good([]), refusal, refusal], () => {
    return envelope(tokens.shift());
  });
  await client.contacts.list();
  expect(asked.map(({ token }) => token)).toEqual(["old", "new"]);
  await expect(client.contacts.list()).rejects.toMatchObject({ kind: "refused", code: 401 });
  expect(asked).toHaveLength(4);
});

test("what goes wrong has a kind", async () => {
  const { client } = asking([
    { code: 500, message: "quit topic fail", data: null },
    "<html>",
    new TypeError("fetch failed"),
  ]);
  const leave = () => client.topics.leave(topicId);
  await expect(leave()).rejects.toMatchObject({ code: 500, message: "quit topic fail" });
  await expect(leave()).rejects.toMatchObject({ kind: "badServer" });
  await expect(leave()).rejects.toMatchObject({ kind: "unreachable" });
  const nobody = asking([], () => ({ code: 403, message: "who are you" })).client;
  await expect(nobody.contacts.list()).rejects.toMatchObject({ kind: "noToken" });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(client.contacts.list({ signal })).rejects.toThrow("enough");
});

test.each([
  ["http://im.example.com:8080", "http://im.example.com:8080/", "ws://im.example.com:8080/"],
  ["https://example.com/im/", "https://example.com/im/", "wss://example.com/im/"],
])("the addresses of %s", (address, base, socket) => {
  expect(endpointOf(address)).toEqual({ base, socket });
});

test("an address that is not one of http is refused", () => {
  expect(() => endpointOf("ws://example.com")).toThrow("not an http address");
});
