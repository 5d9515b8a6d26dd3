import { afterEach, beforeEach, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { textOf } from "../src/bytes.js";
import { ACK_WAIT_MS } from "../src/driver.js";
import { Client, type ClientEvent, type ClientOptions } from "../src/index.js";
import { LOGIN_WAIT_MS, PING_EVERY_MS, PONG_WAIT_MS } from "../src/session.js";
import { stopClock } from "./clock.js";
import { APP_ID, envelope, FakeServer, UUID } from "./fakeServer.js";

let server: FakeServer;
const clients: Client[] = [];

beforeEach(async () => {
  stopClock();
  server = await FakeServer.listen();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.close();
  vi.useRealTimers();
});

function make(changes: Partial<ClientOptions> = {}): Client {
  const client = new Client({
    endpoint: server.endpoint,
    appId: APP_ID,
    account: "alice",
    resource: "laptop",
    fetchToken: () => envelope(),
    webSocket: WebSocket,
    ...changes,
  });
  clients.push(client);
  return client;
}

async function connected(client = make()) {
  const [session] = await Promise.all([server.sessions.next(), client.connect()]);
  const events = client.events();
  expect(await next(events)).toEqual({ type: "connected", uuid: UUID });
  return { client, session, events };
}

async function next(events: AsyncGenerator<ClientEvent, void>): Promise<ClientEvent | undefined> {
  const result = await events.next();
  return result.done ? undefined : result.value;
}

/** The next event, which must be a disconnect; then the wait is over. */
async function lostAndBack(events: AsyncGenerator<ClientEvent, void>, reason: string) {
  const event = await next(events);
  expect(event).toMatchObject({ type: "disconnected", reason });
  if (event?.type !== "disconnected") throw new Error("not disconnected");
  await vi.advanceTimersByTimeAsync(event.retryInMs);
  return event;
}

test("logs in with what the wire asks of a client of our own", async () => {
  const { client, session } = await connected();
  expect(session.resource).toBe("laptop");
  expect(server.conns[0]).toMatchObject({ version: 106, os: "", udid: "websocket", sdk: 101 });
  expect(server.binds[0]).toMatchObject({ method: "XIAOMI-PASS", kick: "0", token: "token-1" });
  expect(client.isConnected).toBe(true);
});

test("a message is sent, and its receipt comes", async () => {
  const { client, session } = await connected();
  const sending = client.send("bob", "hello 👍🏽", { bizType: "TEXT", isStore: false });
  const message = await session.nextMessage();
  expect(message.packetId).toBe(sending.packetId);
  expect(message.to).toEqual({ appId: APP_ID, appAccount: "bob" });
  expect(textOf(message.payload as Uint8Array)).toBe("hello 👍🏽");
  expect(message).toMatchObject({ bizType: "TEXT", isStore: false });
  expect(client.unacknowledged).toBe(1);
  session.acknowledge(sending.packetId, "1001");
  const receipt = { packetId: sending.packetId, sequence: "1001", timestampMs: 1_700_000_000_123 };
  expect(await sending).toEqual(receipt);
  expect(client.unacknowledged).toBe(0);
});

test("a message to a topic names the topic", async () => {
  const { client, session } = await connected();
  client.sendToTopic("21351198708203520", new Uint8Array([0, 255]));
  const message = await session.nextGroupMessage();
  expect(message.to).toEqual({ appId: APP_ID, topicId: "21351198708203520" });
  expect(message.payload).toEqual(new Uint8Array([0, 255]));
});

test("a refused message says why", async () => {
  const { client, session } = await connected();
  const sending = client.send("bob", "hello");
  session.refuse((await session.nextMessage()).packetId, 403, "blocked");
  await expect(sending).rejects.toMatchObject({ kind: "refused", code: 403, message: "blocked" });
});

test("what was sent while offline, or not acknowledged, is sent again under its packetId", async () => {
  const { client, session, events } = await connected();
  const first = client.send("bob", "1");
  await session.nextMessage();
  session.drop();
  const again = server.sessions.next();
  await lostAndBack(events, "closed");
  const second = client.send("bob", "2");
  const resumed = await again;
  const sent = [await resumed.nextMessage(), await resumed.nextMessage()];
  expect(sent.map(({ packetId }) => packetId)).toEqual([first.packetId, second.packetId]);
  resumed.acknowledge(first.packetId, "1");
  resumed.acknowledge(second.packetId, "2");
  expect((await Promise.all([first, second])).map(({ sequence }) => sequence)).toEqual(["1", "2"]);
});

test("a message that is given up is not sent again", async () => {
  const { client, session, events } = await connected();
  const controller = new AbortController();
  const given = client.send("bob", "given up", { signal: controller.signal });
  await session.nextMessage();
  controller.abort(new Error("no longer"));
  await expect(given).rejects.toThrow("no longer");
  session.drop();
  const again = server.sessions.next();
  await lostAndBack(events, "closed");
  const kept = client.send("bob", "kept");
  expect((await (await again).nextMessage()).packetId).toBe(kept.packetId);
  const late = client.send("bob", "never", { signal: controller.signal });
  await expect(late).rejects.toThrow("no longer");
});

test("messages come in order, and are acknowledged when the app has taken the list", async () => {
  const { session, events } = await connected();
  const topicId = "21351198708203520";
  session.deliver({ sequence: "1", text: "one" }, { sequence: "2", text: "two", bizType: "B" });
  session.deliver({ sequence: "3", text: "three", topicId });
  const one = await next(events);
  if (one?.type !== "message") throw new Error("no message");
  expect(one.message).toMatchObject({
    sequence: "1",
    packetId: "p-1",
    fromAccount: "bob",
    fromResource: "phone",
    toAccount: "alice",
    timestampMs: 1_700_000_000_123,
    text: "one",
  });
  expect(await next(events)).toMatchObject({ type: "message", message: { bizType: "B" } });
  const three = await next(events);
  expect(three).toMatchObject({ type: "groupMessage", message: { topicId, sequence: "3" } });
  expect(await session.acknowledged.next()).toBe("2");
  expect(session.acknowledged.size).toBe(0);
  void events.next();
  expect(await session.acknowledged.next()).toBe("3");
});

test("what is delivered again after a reconnect is shown once, and acknowledged again", async () => {
  const { session, events } = await connected();
  session.deliver({ sequence: "1", text: "one" }, { sequence: "2", text: "two" });
  expect(await next(events)).toMatchObject({ message: { sequence: "1" } });
  session.drop();
  await session.closed;
  expect(await next(events)).toMatchObject({ message: { sequence: "2" } });
  const again = server.sessions.next();
  await lostAndBack(events, "closed");
  const resumed = await again;
  expect(await next(events)).toMatchObject({ type: "connected" });
  resumed.deliver({ sequence: "1", text: "one" }, { sequence: "2", text: "two" });
  resumed.deliver({ sequence: "3", text: "three" });
  expect(await next(events)).toMatchObject({ message: { sequence: "3" } });
  expect(await resumed.acknowledged.next()).toBe("2");
});

test("a token that has expired is fetched anew, and the app is told of the wait", async () => {
  server.badTokens.set("old", "token-expired");
  const asked: boolean[] = [];
  const fetchToken = ({ isAgain }: { isAgain: boolean }) => {
    asked.push(isAgain);
    return JSON.stringify(envelope(isAgain ? "new" : "old"));
  };
  const client = make({ fetchToken });
  const connecting = client.connect();
  const events = client.events();
  await lostAndBack(events, "tokenRefused");
  await connecting;
  expect(asked).toEqual([false, true]);
  expect(server.binds.map(({ token }) => token)).toEqual(["old", "new"]);
});

test("a token is kept over reconnects", async () => {
  const fetchToken = vi.fn(() => envelope());
  const { session, events } = await connected(make({ fetchToken }));
  session.drop();
  await lostAndBack(events, "closed");
  await server.sessions.next();
  expect(fetchToken).toHaveBeenCalledOnce();
});

test("a token source that fails is asked again; one that says no ends the client", async () => {
  const answers = [
    () => Promise.reject(new Error("offline")),
    () => ({ code: 503, message: "busy" }),
    () => ({ code: 401, message: "authentication fail" }),
  ];
  const client = make({ fetchToken: () => answers.shift()?.() as ReturnType<typeof envelope> });
  const connecting = client.connect();
  const ended = expect(connecting).rejects.toMatchObject({ kind: "ended" });
  const events = client.events();
  expect(await lostAndBack(events, "noToken")).toMatchObject({ detail: "offline" });
  await lostAndBack(events, "noToken");
  expect(await next(events)).toMatchObject({ type: "refused" });
  expect(await next(events)).toBeUndefined();
  await ended;
});

test("a connect that nobody waits for harms nobody: the events say what became of it", async () => {
  const unhandled = vi.fn();
  process.on("unhandledRejection", unhandled);
  try {
    const client = make({ fetchToken: () => ({ code: 401, message: "authentication fail" }) });
    client.connect({ signal: new AbortController().signal });
    expect(await next(client.events())).toMatchObject({ type: "refused" });
    client.connect();
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off("unhandledRejection", unhandled);
  }
});

test.each([
  ["another account", { appAccount: "mallory" }],
  ["another app", { appId: "1" }],
  ["nobody", { miUserId: null }],
])("a token of %s is refused", async (_, changes) => {
  const client = make({ fetchToken: () => envelope("token-1", changes) });
  await expect(client.connect()).rejects.toMatchObject({ kind: "ended" });
});

test.each([
  ["single-resource-kick", "replaced", "replaced"],
  ["single-resource-kick", "sso", "singleSignOn"],
  ["forbidden", "banned", "banned"],
])("stays out after %s %s", async (wire, desc, reason) => {
  const { client, session, events } = await connected();
  const sending = client.send("bob", "too late");
  session.kick("wait", wire, desc);
  expect(await next(events)).toEqual({ type: "kicked", reason });
  expect(await next(events)).toBeUndefined();
  await expect(sending).rejects.toMatchObject({ kind: "ended" });
  await vi.advanceTimersByTimeAsync(120_000);
  expect(server.binds).toHaveLength(1);
});

test("comes back after the operator's kick, and with a new token after a revocation", async () => {
  const tokens = ["first", "second"];
  const fetchToken = () => envelope(tokens.shift());
  const { session, events } = await connected(make({ fetchToken }));
  session.kick("wait", "kicked", "kicked");
  await lostAndBack(events, "kicked");
  const resumed = await server.sessions.next();
  expect(await next(events)).toMatchObject({ type: "connected" });
  resumed.kick("wait", "token-expired", "revoked");
  await lostAndBack(events, "kicked");
  await server.sessions.next();
  expect(server.binds.map(({ token }) => token)).toEqual(["first", "first", "second"]);
});

test("waits longer and longer for a server that is away, and finds it when it is back", async () => {
  const { port } = server;
  const { events } = await connected();
  await server.close();
  const waits = [await lostAndBack(events, "closed")];
  for (let at = 0; at < 4; at++) waits.push(await lostAndBack(events, "unreachable"));
  expect(waits[4]?.retryInMs).toBeGreaterThan(waits[0]?.retryInMs ?? 0);
  const away = await next(events);
  server = await FakeServer.listen(port);
  await vi.advanceTimersByTimeAsync(away?.type === "disconnected" ? away.retryInMs : 0);
  await server.sessions.next();
  expect(await next(events)).toMatchObject({ type: "connected" });
});

test("a silent server is pinged, and left when it does not answer", async () => {
  const { session, events } = await connected();
  await vi.advanceTimersByTimeAsync(PING_EVERY_MS);
  await session.pings.next();
  server.isDeafToPings = true;
  const message = next(events);
  session.deliver({ sequence: "1", text: "the pong has come before this" });
  await message;
  await vi.advanceTimersByTimeAsync(PING_EVERY_MS);
  await session.pings.next();
  await vi.advanceTimersByTimeAsync(PONG_WAIT_MS);
  expect(await next(events)).toMatchObject({ type: "disconnected", reason: "silent" });
});

test("a server that does not acknowledge is left, and one that does not let in", async () => {
  const { client, session, events } = await connected();
  client.send("bob", "hello");
  await session.nextMessage();
  await vi.advanceTimersByTimeAsync(ACK_WAIT_MS);
  server.isSilent = true;
  await lostAndBack(events, "silent");
  await vi.advanceTimersByTimeAsync(LOGIN_WAIT_MS);
  expect(await next(events)).toMatchObject({ type: "disconnected", reason: "silent" });
});

test.each([
  ["text", "hello"],
  ["no frame", new Uint8Array([1, 2, 3])],
])("a server that sends %s is left", async (_, data) => {
  const { session, events } = await connected();
  session.sendRaw(data);
  expect(await next(events)).toMatchObject({ type: "disconnected", reason: "badServer" });
});

test("a server that does not wait for acknowledgements is left", async () => {
  const { session, events } = await connected();
  for (let at = 1; at <= 520; at++) session.deliver({ sequence: String(at), text: "" });
  await session.closed;
  for (let at = 1; at <= 512; at++) expect(await next(events)).toMatchObject({ type: "message" });
  expect(await next(events)).toMatchObject({ type: "disconnected", reason: "badServer" });
});

test("an online message is answered by the device that got it", async () => {
  const { client, session, events } = await connected();
  const sending = client.sendOnline("bob", "ping", { resource: "phone", bizType: "PING" });
  const message = await session.nextMessage();
  expect(message.to).toMatchObject({ appAccount: "bob", resource: "phone" });
  session.deliverOnlineAck(sending.packetId, 0, "");
  expect(await sending).toEqual({ packetId: sending.packetId, code: 0, text: "" });
  expect(await next(events)).toMatchObject({ type: "onlineAck" });
  const silent = client.sendOnline("bob", "ping");
  const timedOut = expect(silent).rejects.toMatchObject({ kind: "timedOut" });
  await vi.advanceTimersByTimeAsync(5_000);
  await timedOut;
});

test("an online message that came is shown, and can be acknowledged", async () => {
  const { client, session, events } = await connected();
  session.deliverOnline("p-9", "are you there");
  const event = await next(events);
  if (event?.type !== "onlineMessage") throw new Error("no online message");
  expect(event.message).toMatchObject({ fromAccount: "bob", fromUuid: "77", bizType: "PING" });
  expect(event.message.text).toBe("are you there");
  client.acknowledgeOnline(event.message);
  expect(await session.packets.next()).toMatchObject({ type: 12 });
});

test("without a connection an online message fails at once", async () => {
  const sending = make().sendOnline("bob", "ping");
  await expect(sending).rejects.toMatchObject({ kind: "unreachable" });
});

test("a logout acknowledges what was taken, and is the last event", async () => {
  const { client, session, events } = await connected();
  session.deliver({ sequence: "1", text: "one" }, { sequence: "2", text: "two" });
  await next(events);
  await next(events);
  const done = client.logout();
  expect(await session.acknowledged.next()).toBe("1");
  await done;
  expect(await next(events)).toEqual({ type: "loggedOut" });
  expect(await next(events)).toBeUndefined();
  await expect(client.connect()).rejects.toMatchObject({ kind: "ended" });
});

test("closing ends the events, and what waits", async () => {
  const { client, session, events } = await connected();
  const sending = client.send("bob", "hello");
  client.close();
  expect(await next(events)).toBeUndefined();
  await expect(sending).rejects.toMatchObject({ kind: "ended" });
  await session.closed;
});

test("waiting for a connection can be given up, and the client goes on", async () => {
  server.isSilent = true;
  const client = make();
  const controller = new AbortController();
  const connecting = client.connect({ signal: controller.signal });
  controller.abort(new Error("not now"));
  await expect(connecting).rejects.toThrow("not now");
  const events = client.events({ signal: AbortSignal.abort(new Error("nor this")) });
  await expect(events.next()).rejects.toThrow("nor this");
});
