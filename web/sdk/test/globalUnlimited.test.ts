// Unlimited groups as pages of the original's API use them: against a server that has them, which
// the fake one plays, and against one that has none.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { textOf } from "../src/bytes.js";
import {
  type UcGroupRequest as Request,
  UcGroupRequest,
  UcMessage,
  UcPing,
  UcSequenceAck,
} from "../src/generated.js";
import { configure } from "../src/global/configuration.js";
import type { Received } from "../src/global/received.js";
import { MIMCUser } from "../src/global/user.js";
import { decode } from "../src/proto.js";
import { PRESENT_EVERY_MS } from "../src/unlimitedGroups.js";
import { stopClock } from "./clock.js";
import { APP_ID, envelope, FakeServer, type FakeSession, UUID } from "./fakeServer.js";
import { Stream } from "./stream.js";

const topicId = "29516394685530112";
const group = { appId: APP_ID, topicId };

/** What the server's REST was asked. */
interface Asked {
  method: string | undefined;
  path: string;
  topicId: string | null;
  token: string | null;
  body: unknown;
}

let server: FakeServer;
let user: MIMCUser;
let asked: Asked[];
/** What REST answers, by method and path. */
let answers: Record<string, object>;
let statuses: Stream<unknown[]>;
let acks: Stream<unknown[]>;
let told: Stream<unknown[]>;
let messages: Stream<Received>;
let disconnects: Stream<true>;

beforeEach(async () => {
  stopClock();
  server = await FakeServer.listen();
  asked = [];
  answers = {
    "GET api/uctopic/topics": success([]),
    "POST api/uctopic": success({ topicId }),
    "DELETE api/uctopic": success(null),
  };
  [statuses, acks, told, messages] = [new Stream(), new Stream(), new Stream(), new Stream()];
  disconnects = new Stream();
  const { endpoint } = server;
  configure({
    endpoint,
    webSocket: WebSocket,
    fetch: async (url, { method, headers, body }) => {
      const path = url.slice(`${endpoint}/`.length);
      const [topicId, token] = ["topicId", "token"].map((name) => new Headers(headers).get(name));
      const read = body ? JSON.parse(String(body)) : null;
      asked.push({ method, path, topicId: topicId ?? null, token: token ?? null, body: read });
      return Response.json(answers[`${method} ${path}`]);
    },
  });
  user = new MIMCUser(APP_ID, "alice", "tab");
  // What comes after its test must not reach the next one.
  const [status, ack, what, message, lost] = [statuses, acks, told, messages, disconnects];
  user.registerFetchToken(() => envelope());
  user.registerStatusChange((...of) => status.push(of));
  user.registerServerAckHandler((...of) => ack.push(of));
  user.registerDisconnHandler(() => lost.push(true));
  user.registerUCMsgHandler((m) => message.push(m));
  user.registerUCJoinRespHandler((...of) => what.push(["join", ...of]));
  user.registerUCQuitRespHandler((...of) => what.push(["quit", ...of]));
  user.registerUCDismissHandler((...of) => what.push(["dismiss", ...of]));
  user.registerPullNotificationHandler((...of) => what.push(["pull", ...of]));
});

afterEach(async () => {
  user.logout();
  await server.close();
  vi.useRealTimers();
});

function success(data: unknown): object {
  return { code: 200, message: "success", data };
}

async function login(): Promise<FakeSession> {
  user.login();
  await vi.advanceTimersByTimeAsync(1_000);
  const session = await server.sessions.next();
  expect(await statuses.next()).toEqual([true, "", "", ""]);
  return session;
}

async function nextRequest(session: FakeSession, type: number): Promise<Request & { id: string }> {
  const packet = await session.nextUnlimited();
  expect(packet.type).toBe(type);
  const me = { appId: APP_ID, appAccount: "alice", uuid: UUID, resource: "tab" };
  expect(packet.user).toEqual(me);
  const request = decode(UcGroupRequest, packet.payload as Uint8Array);
  return { ...request, id: packet.packetId as string };
}

/** The groups of the next PING. */
async function nextPresence(session: FakeSession): Promise<(string | undefined)[]> {
  const packet = await session.nextUnlimited();
  expect(packet.type).toBe(1);
  const ping = decode(UcPing, packet.payload as Uint8Array);
  return (ping.group ?? []).map((one) => one.topicId);
}

async function join(session: FakeSession, context?: unknown): Promise<void> {
  user.joinUnlimitedGroup(topicId, context);
  const { id } = await nextRequest(session, 3);
  session.answerUnlimited(4, id, topicId, 0, "");
  expect(await told.next()).toEqual(["join", topicId, 0, "", context]);
}

/** Lets time pass up to the next PING for groups; nothing else may have been sent by then. */
async function passPresence(session: FakeSession): Promise<void> {
  for (let half = 0; half < 2; half++) {
    await vi.advanceTimersByTimeAsync(PRESENT_EVERY_MS / 2);
    await session.pings.next();
    const sent = user.sendMessage("bob", "behind the pong");
    session.acknowledge(sent, "1");
    await acks.next();
    while ((await session.packets.next()).packetId !== sent) expect.fail("an unexpected packet");
  }
}

test("createUnlimitedGroup makes a group over REST, and tells its id to the callback as well", async () => {
  await login();
  const made = user.createUnlimitedGroup("all of us", (...of) => told.push(["made", ...of]));
  expect(await made).toBe(topicId);
  expect(await told.next()).toEqual(["made", topicId, "all of us", true, ""]);
  expect(asked).toContainEqual({
    ...{ method: "POST", path: "api/uctopic", topicId: null, token: "token-1" },
    body: { topicName: "all of us" },
  });
});

test("dismissUnlimitedGroup names the group in a header", async () => {
  await login();
  await user.dismissUnlimitedGroup(topicId, (...of) => told.push(["dismissed", ...of]));
  expect(await told.next()).toEqual(["dismissed", true, ""]);
  expect(asked.at(-1)).toMatchObject({ method: "DELETE", path: "api/uctopic", topicId });
});

test("joinUnlimitedGroup asks, and is present from the answer to it on", async () => {
  const session = await login();
  user.joinUnlimitedGroup(topicId, { room: 7 });
  const { group: named, id } = await nextRequest(session, 3);
  expect(named).toEqual(group);
  session.answerUnlimited(4, "the answer to another", topicId, 0, "");
  session.answerUnlimited(4, id, topicId, 0, "");
  expect(await told.next()).toEqual(["join", topicId, 0, "", { room: 7 }]);
  expect(await nextPresence(session)).toEqual([topicId]);
  await vi.advanceTimersByTimeAsync(PRESENT_EVERY_MS / 2);
  await session.pings.next();
  session.deliver({ sequence: "1", text: "behind the pong" });
  expect(await session.acknowledged.next()).toBe("1");
  await vi.advanceTimersByTimeAsync(PRESENT_EVERY_MS / 2);
  expect(await nextPresence(session)).toEqual([topicId]);
});

test("a group that refuses to be joined says why, and is not attended", async () => {
  const session = await login();
  user.joinUnlimitedGroup(topicId);
  const { id } = await nextRequest(session, 3);
  session.answerUnlimited(4, id, topicId, 3, "no such group");
  expect(await told.next()).toEqual(["join", topicId, 3, "no such group", undefined]);
  await passPresence(session);
});

test("quitUnlimitedGroup asks, and is present no longer", async () => {
  const session = await login();
  await join(session);
  await nextPresence(session);
  user.quitUnlimitedGroup(topicId, "context");
  const { group: named, id } = await nextRequest(session, 5);
  expect(named).toEqual(group);
  session.answerUnlimited(6, id, topicId, 0, "");
  expect(await told.next()).toEqual(["quit", topicId, 0, "", "context"]);
  await passPresence(session);
});

test.each([
  ["text", [], { isStore: true, bizType: undefined }],
  ["text and isStore", [false], { isStore: false, bizType: undefined }],
  ["text, bizType and isStore", ["TEXT", false], { isStore: false, bizType: "TEXT" }],
] as [string, [(string | boolean)?, boolean?], object][])(
  "sendUnlimitedGroupMessage takes %s",
  async (_, more, expected) => {
    const session = await login();
    const packetId = user.sendUnlimitedGroupMessage(topicId, "你好 👍🏽", ...more);
    const packet = await session.nextUnlimited();
    expect(packet).toMatchObject({ type: 8, packetId, user: { appAccount: "alice" } });
    const message = decode(UcMessage, packet.payload as Uint8Array);
    expect(message).toMatchObject({ group, packetId, user: { uuid: UUID, resource: "tab" } });
    expect({ isStore: message.isStore, bizType: message.bizType }).toEqual(expected);
    expect(textOf(message.payload as Uint8Array)).toBe("你好 👍🏽");
    session.acknowledge(packetId, "170000000012300001");
    expect(await acks.next()).toEqual([packetId, "170000000012300001", "1700000000123", ""]);
  },
);

test("what a group has not acknowledged is sent again after the next login", async () => {
  const session = await login();
  const packetId = user.sendUnlimitedGroupMessage(topicId, "hello");
  await session.nextUnlimited();
  session.drop();
  await disconnects.next();
  user.login();
  await vi.advanceTimersByTimeAsync(1_000);
  const again = await server.sessions.next();
  expect((await again.nextUnlimited()).packetId).toBe(packetId);
});

test("the message handler gets each message once and in order, and the list is acknowledged", async () => {
  const session = await login();
  const [one, two] = [
    { sequence: "170000000012300001", text: "one 😀", bizType: "TEXT" },
    { sequence: "170000000012300002", text: "two" },
  ];
  session.deliverUnlimited(topicId, one);
  session.deliverUnlimited(topicId, one, two);
  const [first, second] = [await messages.next(), await messages.next()];
  expect(first.getPayload()).toBe("one 😀");
  expect(first.getTopicId()).toBe(topicId);
  expect(first.getFromAccount()).toBe("bob");
  expect(first.getFromResource()).toBe("phone");
  expect(first.getToAccount()).toBe("alice");
  expect(first.getSequence()).toBe("170000000012300001");
  expect(first.getTimeStamp()).toBe("1700000000123");
  expect(first.getBizType()).toBe("TEXT");
  expect(second.getPayload()).toBe("two");
  for (const sequence of [one.sequence, two.sequence]) {
    const ack = await session.nextUnlimited();
    expect(ack.type).toBe(7);
    expect(decode(UcSequenceAck, ack.payload as Uint8Array)).toEqual({ group, sequence });
  }
  expect(messages.size).toBe(0);
});

test("a dismissed group is told of, and attended no longer", async () => {
  const session = await login();
  await join(session);
  await nextPresence(session);
  session.dismissUnlimited(topicId);
  expect(await told.next()).toEqual(["dismiss", topicId]);
  await passPresence(session);
});

test("who wants messages attends all its groups from each login on", async () => {
  answers["GET api/uctopic/topics"] = success([topicId, "29516394685530113"]);
  const session = await login();
  expect(await nextPresence(session)).toEqual([topicId, "29516394685530113"]);
  session.drop();
  await disconnects.next();
  const again = await login();
  expect(await nextPresence(again)).toEqual([topicId, "29516394685530113"]);
});

test("pull asks for everything that is not acknowledged", async () => {
  const session = await login();
  user.pull();
  expect(await session.packets.next()).toMatchObject({ type: 5 });
});

test("before login groups cannot be joined or written to", async () => {
  user.joinUnlimitedGroup(topicId, "context");
  expect(await told.next()).toEqual(["join", topicId, 1, "not connected", "context"]);
  user.quitUnlimitedGroup(topicId);
  expect(await told.next()).toEqual(["quit", topicId, 1, "not connected", undefined]);
  expect(() => user.sendUnlimitedGroupMessage(topicId, "hello")).toThrow("not logged in");
  user.pull();
});

test("a server without unlimited groups says so to everything", async () => {
  const none = { code: 501, message: "not implemented", data: null };
  answers = { ...answers, "POST api/uctopic": none, "DELETE api/uctopic": none };
  const session = await login();
  const made = user.createUnlimitedGroup("all", (...of) => told.push(["made", ...of]));
  await expect(made).rejects.toMatchObject({ kind: "refused", code: 501 });
  expect(await told.next()).toEqual(["made", "", "all", false, "not implemented"]);
  const dismissed = user.dismissUnlimitedGroup(topicId, (...of) => told.push(["gone", ...of]));
  await expect(dismissed).rejects.toMatchObject({ kind: "refused", code: 501 });
  expect(await told.next()).toEqual(["gone", false, "not implemented"]);
  user.joinUnlimitedGroup(topicId, "context");
  const joining = await nextRequest(session, 3);
  session.answerUnlimited(4, joining.id, topicId, 1, "not implemented");
  expect(await told.next()).toEqual(["join", topicId, 1, "not implemented", "context"]);
  user.quitUnlimitedGroup(topicId);
  const quitting = await nextRequest(session, 5);
  session.answerUnlimited(6, quitting.id, topicId, 1, "not implemented");
  expect(await told.next()).toEqual(["quit", topicId, 1, "not implemented", undefined]);
  const sent = user.sendUnlimitedGroupMessage(topicId, "hello");
  session.refuse(sent, 404, "no such group");
  expect(await acks.next()).toEqual([sent, "0", expect.any(String), "no such group"]);
});
