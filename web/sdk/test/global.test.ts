import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { textOf } from "../src/bytes.js";
import { configure } from "../src/global/configuration.js";
import { LOOK_UP_WAIT_MS } from "../src/global/knownTopics.js";
import type { Received } from "../src/global/received.js";
import { MIMCUser } from "../src/global/user.js";
import { stopClock } from "./clock.js";
import { APP_ID, envelope, FakeServer, type FakeSession, UUID } from "./fakeServer.js";
import { Stream } from "./stream.js";

const topicId = "21351198708203520";
let server: FakeServer;
let statuses: Stream<unknown[]>;
let acks: Stream<unknown[]>;
let messages: Stream<Received>;
let groupMessages: Stream<Received>;
let disconnects: Stream<true>;
let listed: () => Promise<object>;
const users: MIMCUser[] = [];

beforeEach(async () => {
  stopClock();
  server = await FakeServer.listen();
  [statuses, acks, messages] = [new Stream(), new Stream(), new Stream()];
  [groupMessages, disconnects] = [new Stream(), new Stream()];
  listed = async () => ({ code: 200, message: "success", data: [{ topicId }] });
  configure({
    endpoint: server.endpoint,
    webSocket: WebSocket,
    fetch: async () => Response.json(await listed()),
  });
});

afterEach(async () => {
  for (const user of users.splice(0)) user.logout();
  await server.close();
  vi.useRealTimers();
});

function make(...names: (string | number)[]): MIMCUser {
  const given = names.length > 0 ? names : [APP_ID, "alice", "tab"];
  const user = new MIMCUser(...(given as [string, string, string]));
  // What comes after its test must not reach the next one.
  const [status, ack, message, group] = [statuses, acks, messages, groupMessages];
  const lost = disconnects;
  user.registerFetchToken(() => envelope());
  user.registerStatusChange((...what) => status.push(what));
  user.registerServerAckHandler((...what) => ack.push(what));
  user.registerP2PMsgHandler((m) => message.push(m));
  user.registerGroupMsgHandler((m) => group.push(m));
  user.registerDisconnHandler(() => lost.push(true));
  users.push(user);
  return user;
}

async function login(user: MIMCUser): Promise<FakeSession> {
  user.login();
  await vi.advanceTimersByTimeAsync(0);
  const session = await server.sessions.next();
  expect(await statuses.next()).toEqual([true, "", "", ""]);
  return session;
}

/** A login that does not get as far as a session. */
async function failedLogin(user: MIMCUser): Promise<unknown[]> {
  user.login();
  await vi.advanceTimersByTimeAsync(0);
  return statuses.next();
}

// Constructor

test("one name is the account, two are app and account, three the device as well", async () => {
  expect(make("alice").getAppAccount()).toBe("alice");
  expect(make(APP_ID, "bob").getAppAccount()).toBe("bob");
  const user = make(APP_ID, "alice", "tab-2");
  expect(user.getResource()).toBe("tab-2");
  expect((await login(user)).resource).toBe("tab-2");
  // @ts-expect-error: what a page without types may do
  expect(() => new MIMCUser()).toThrow("appAccount");
});

test("an appId that is a number is good enough, although it has lost its last digits", async () => {
  await login(make(Number(APP_ID), "alice"));
});

test("the resource stays the same for a browser profile", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  };
  vi.stubGlobal("localStorage", storage);
  const resource = make("alice").getResource();
  expect(make("bob").getResource()).toBe(resource);
  vi.stubGlobal("localStorage", undefined);
  expect(make("alice").getResource()).not.toBe(resource);
  vi.unstubAllGlobals();
});

// Logging in

test.each([
  ["at once", () => envelope()],
  ["as a promise", async () => envelope()],
  ["as text", () => JSON.stringify(envelope())],
])("the token may come %s", async (_, fetchToken) => {
  const user = make();
  user.registerFetchToken(fetchToken);
  await login(user);
  expect([user.isLogin(), user.isConnected()]).toEqual([true, true]);
  expect([user.getUuid(), user.getToken()]).toEqual([UUID, "token-1"]);
});

test.each([
  ["of another account", () => envelope("t", { appAccount: "bob" }), "appAccount"],
  ["of another app", () => envelope("t", { appId: "1" }), "appId"],
  ["of code 401", () => ({ code: 401, message: "no" }), "code"],
  ["that is no JSON", () => "<html>", "envelope"],
  ["that is thrown", () => raise(new Error("offline")), "fetchToken"],
  ["that is rejected", () => Promise.reject(new Error("offline")), "fetchToken"],
])("a token %s gives false with its reason", async (_, fetchToken, reason) => {
  const user = make();
  user.registerFetchToken(fetchToken);
  const status = await failedLogin(user);
  expect(status).toEqual([false, "cancel", reason, expect.stringMatching(/./)]);
  expect(disconnects.size).toBe(0);
  user.registerFetchToken(() => envelope());
  await login(user);
});

test("without any handler nothing throws", async () => {
  const user = new MIMCUser("alice");
  users.push(user);
  user.login();
  await vi.advanceTimersByTimeAsync(0);
  user.registerFetchToken(() => envelope());
  user.login();
  await vi.advanceTimersByTimeAsync(0);
  const session = await server.sessions.next();
  session.deliver({ sequence: "1", text: "hello" });
  expect(await session.acknowledged.next()).toBe("1");
  session.deliverUnlimited(topicId, { sequence: "2", text: "hello" });
  session.kick("wait", "kicked", "kicked");
  await session.closed;
});

test("logging in twice is harmless", async () => {
  const user = make();
  user.login();
  await login(user);
  user.login();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.binds).toHaveLength(1);
});

test("says what the original says about itself", async () => {
  await login(make());
  expect(server.conns[0]).toMatchObject({ model: "Netscape", os: "", udid: "websocket", sdk: 31 });
});

test("a refused login says why, and a token that has expired since is replaced by itself", async () => {
  const tokens = ["old", "new"];
  const user = make();
  user.registerFetchToken(() => envelope(tokens.shift()));
  server.badTokens.set("new", "forbidden");
  const session = await login(user);
  server.badTokens.set("old", "token-expired");
  session.drop();
  await disconnects.next();
  user.login();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await statuses.next()).toEqual([false, "auto", "forbidden", ""]);
  expect(server.binds.map(({ token }) => token)).toEqual(["old", "old", "new"]);
});

test("a fresh token that is refused is not fetched again", async () => {
  server.badTokens.set("token-1", "invalid-token");
  expect(await failedLogin(make())).toEqual([false, "auto", "invalid-token", ""]);
  expect(server.binds).toHaveLength(1);
});

// Losing the connection

test("the disconnect handler is told once, and a login inside of it works", async () => {
  const user = make();
  let lost = 0;
  user.registerDisconnHandler(() => {
    lost += 1;
    expect([user.isLogin(), user.isConnected()]).toEqual([false, false]);
    user.login();
    disconnects.push(true);
  });
  const session = await login(user);
  session.drop();
  await disconnects.next();
  await vi.advanceTimersByTimeAsync(1_000);
  await server.sessions.next();
  expect(await statuses.next()).toEqual([true, "", "", ""]);
  expect(lost).toBe(1);
});

test("by itself it never comes back", async () => {
  const session = await login(make());
  session.drop();
  await disconnects.next();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.binds).toHaveLength(1);
});

test("while a server is away, the disconnect handler is told of each attempt", async () => {
  const { port } = server;
  const user = make();
  await login(user);
  user.registerDisconnHandler(() => {
    user.login();
    disconnects.push(true);
  });
  await server.close();
  for (let at = 0; at < 3; at++) {
    await disconnects.next();
    await vi.advanceTimersByTimeAsync(8_000);
  }
  await disconnects.next();
  server = await FakeServer.listen(port);
  await vi.advanceTimersByTimeAsync(8_000);
  await server.sessions.next();
  expect(await statuses.next()).toEqual([true, "", "", ""]);
});

test("after another login of the same device it stays out", async () => {
  const user = make();
  user.registerDisconnHandler(() => {
    user.login();
    disconnects.push(true);
  });
  const session = await login(user);
  session.kick("wait", "single-resource-kick", "replaced");
  expect(await statuses.next()).toEqual([false, "wait", "single-resource-kick", "replaced"]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([disconnects.size, server.binds.length]).toEqual([0, 1]);
});

test("after the operator's kick the page may come back", async () => {
  const session = await login(make());
  session.kick("wait", "kicked", "kicked");
  expect(await statuses.next()).toEqual([false, "wait", "kicked", "kicked"]);
  await disconnects.next();
});

test("a logout is no lost connection, and a login after it works", async () => {
  const user = make();
  const session = await login(user);
  user.logout();
  expect(user.isLogin()).toBe(false);
  user.login();
  await session.closed;
  expect(await statuses.next()).toEqual([false, "wait", "logout", "logout"]);
  await vi.advanceTimersByTimeAsync(1_000);
  await server.sessions.next();
  expect(disconnects.size).toBe(0);
});

test("a logout while logging in ends that", async () => {
  const user = make();
  user.login();
  user.logout();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.binds).toHaveLength(0);
});

// Sending

test.each([
  ["nothing more", [], { isStore: true, bizType: undefined }],
  ["a bizType", ["TEXT"], { isStore: true, bizType: "TEXT" }],
  ["isStore", [false], { isStore: false, bizType: undefined }],
  ["both", ["TEXT", false], { isStore: false, bizType: "TEXT" }],
] as [string, [(string | boolean)?, boolean?], object][])(
  "sendMessage and sendGroupMessage take %s",
  async (_, more, expected) => {
    const user = make();
    const session = await login(user);
    const packetId = user.sendMessage("bob", "你好 👍🏽", ...more);
    const message = await session.nextMessage();
    expect(message).toMatchObject({ packetId, to: { appAccount: "bob" } });
    expect({ isStore: message.isStore, bizType: message.bizType }).toEqual(expected);
    expect(textOf(message.payload as Uint8Array)).toBe("你好 👍🏽");
    user.sendGroupMessage(topicId, "to all", ...more);
    const group = await session.nextGroupMessage();
    expect(group.to).toEqual({ appId: APP_ID, topicId });
    expect({ isStore: group.isStore, bizType: group.bizType }).toEqual(expected);
  },
);

test("the ack handler is told what became of a message", async () => {
  const user = make();
  const session = await login(user);
  const good = user.sendMessage("bob", "1");
  const bad = user.sendMessage("bob", "2");
  session.acknowledge(good, "170000000012300001", "1700000000123");
  session.refuse(bad, 403, "blocked");
  expect(await acks.next()).toEqual([good, "170000000012300001", "1700000000123", ""]);
  expect(await acks.next()).toEqual([bad, "0", expect.stringMatching(/^\d+$/), "blocked"]);
});

test("what is not acknowledged is sent again after the next login", async () => {
  const user = make();
  const session = await login(user);
  const packetId = user.sendMessage("bob", "1");
  await session.nextMessage();
  session.drop();
  await disconnects.next();
  user.login();
  await vi.advanceTimersByTimeAsync(1_000);
  const again = await server.sessions.next();
  expect((await again.nextMessage()).packetId).toBe(packetId);
});

test("sending throws before login and above the cap", async () => {
  const user = make();
  expect(() => user.sendMessage("bob", "hello")).toThrow("not logged in");
  expect(() => user.sendGroupMessage(topicId, "hello")).toThrow("not logged in");
  await login(user);
  expect(() => user.sendMessage("bob", "é".repeat(7_681))).toThrow("15362 bytes");
  user.sendMessage("bob", "é".repeat(7_680));
});

test("a long number is a topic when the user has it, and order is kept", async () => {
  const user = make();
  const session = await login(user);
  const sent = ["1", "2", "3"].map((text) => user.sendMessage(topicId, text));
  for (const packetId of sent) {
    expect(await session.nextGroupMessage()).toMatchObject({ packetId, to: { topicId } });
  }
  user.sendMessage(Number("100000000000001"), "an account of 15 digits");
  expect((await session.nextMessage()).to).toMatchObject({ appAccount: "100000000000001" });
});

test("a list of topics that does not come is waited for a second", async () => {
  const user = make();
  const session = await login(user);
  listed = () => new Promise(() => {});
  user.sendMessage(topicId, "1");
  await vi.advanceTimersByTimeAsync(LOOK_UP_WAIT_MS - 1);
  expect(session.packets.size).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect((await session.nextMessage()).to).toMatchObject({ appAccount: topicId });
});

test("14 digits are an account", async () => {
  listed = () => Promise.reject(new Error("nobody asks"));
  const user = make();
  const session = await login(user);
  user.sendMessage("12345678901234", "1");
  expect((await session.nextMessage()).to).toMatchObject({ appAccount: "12345678901234" });
});

// Receiving

test("messages have the original's getters, come once, and are acknowledged", async () => {
  const session = await login(make());
  session.deliver({ sequence: "9007199254740993", text: "👍🏽", bizType: "B" });
  session.deliver({ sequence: "9007199254740993", text: "again" });
  session.deliver({ sequence: "9007199254740994", text: "all", topicId });
  const m = await messages.next();
  expect(m.getPacketId()).toBe("p-9007199254740993");
  expect(m.getSequence()).toBe("9007199254740993");
  expect([m.getFromAccount(), m.getFromResource()]).toEqual(["bob", "phone"]);
  expect([m.getToAccount(), m.getToResource()]).toEqual(["alice", "tab"]);
  expect(m.getTimeStamp()).toBe("1700000000123");
  expect([m.getPayload(), m.getBizType()]).toEqual(["👍🏽", "B"]);
  expect((await groupMessages.next()).getTopicId()).toBe(topicId);
  expect(messages.size).toBe(0);
  expect(await session.acknowledged.next()).toBe("9007199254740993");
});

test("a handler that throws harms nobody else", async () => {
  const user = make();
  const session = await login(user);
  let thrown = 0;
  user.registerP2PMsgHandler((m) => {
    messages.push(m);
    thrown += 1;
    throw new Error("the page's own mistake");
  });
  session.deliver({ sequence: "1", text: "1" }, { sequence: "2", text: "2" });
  await messages.next();
  await messages.next();
  expect(await session.acknowledged.next()).toBe("2");
  expect(thrown).toBe(2);
  expect(() => vi.runOnlyPendingTimers()).toThrow("the page's own mistake");
});

// The script

test.each([
  ["https://im.example.com/mimc-min_1_0_0.js", "wss://im.example.com/"],
  ["https://im.example.com/sdk/mimc-min_1_0_2.js?v=1", "wss://im.example.com/"],
  ["http://example.com/im/sdk/mimc-min_1_0_0.js", "ws://example.com/im/"],
])("the script at %s finds its server", async (src, address) => {
  const opened = new Stream<string>();
  const page = createContext({
    ...{ URL, TextEncoder, TextDecoder, AbortController, crypto, performance, atob, btoa },
    ...{ setTimeout, clearTimeout, document: { currentScript: { src } } },
    WebSocket: class {
      constructor(url: string) {
        opened.push(url);
      }
      close() {}
    },
    answer: JSON.stringify(envelope()),
  });
  runInContext(readFileSync(new URL("../dist/mimc-min_1_0_0.js", import.meta.url), "utf8"), page);
  const script =
    "user = new MIMCUser('alice'); user.registerFetchToken(() => answer); user.login()";
  runInContext(script, page);
  await vi.advanceTimersByTimeAsync(0);
  expect(await opened.next()).toBe(address);
  runInContext("user.logout()", page);
});

function raise(error: Error): never {
  throw error;
}
