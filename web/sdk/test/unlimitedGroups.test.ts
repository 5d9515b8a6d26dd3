import { afterEach, beforeEach, expect, test, vi } from "vitest";
import WebSocket from "ws";
import { UcGroupRequest, UcMessage, UcPing, UcSequenceAck } from "../src/generated.js";
import { Client } from "../src/index.js";
import { decode } from "../src/proto.js";
import { ANSWER_WAIT_MS, PRESENT_EVERY_MS } from "../src/unlimitedGroups.js";
import { stopClock } from "./clock.js";
import { APP_ID, envelope, FakeServer, type FakeSession } from "./fakeServer.js";

const topicId = "29516394685530112";
const group = { appId: APP_ID, topicId };
let server: FakeServer;
let client: Client;
let session: FakeSession;
let answers: object[];
let asked: { url: string; topicId: string | null }[];

beforeEach(async () => {
  stopClock();
  answers = [];
  asked = [];
  server = await FakeServer.listen();
  client = new Client({
    endpoint: server.endpoint,
    account: "alice",
    resource: "laptop",
    fetchToken: () => envelope(),
    webSocket: WebSocket,
    fetch: async (url, init) => {
      asked.push({ url, topicId: new Headers(init.headers).get("topicId") });
      return Response.json(answers.shift());
    },
  });
  [session] = await Promise.all([server.sessions.next(), client.connect()]);
});

afterEach(async () => {
  client.close();
  await server.close();
  vi.useRealTimers();
});

async function join(): Promise<void> {
  const joining = client.unlimitedGroups.join(topicId);
  const request = await session.nextUnlimited();
  expect(request.type).toBe(3);
  expect(request.user).toMatchObject({ appAccount: "alice", resource: "laptop" });
  expect(decode(UcGroupRequest, request.payload as Uint8Array).group).toEqual(group);
  session.answerUnlimited(4, request.packetId as string, topicId, 0, "");
  await joining;
}

/** A minute with its pings and pongs. */
async function passMinute(events: AsyncGenerator<unknown>): Promise<void> {
  for (let half = 0; half < 2; half++) {
    await vi.advanceTimersByTimeAsync(PRESENT_EVERY_MS / 2);
    await session.pings.next();
    session.deliverOnline("p", "what comes behind the pong");
    await events.next();
  }
}

test("who has joined is present, again and again", async () => {
  const events = client.events();
  await events.next();
  await join();
  for (let round = 0; round < 3; round++) {
    const ping = await session.nextUnlimited();
    expect(ping.type).toBe(1);
    expect(decode(UcPing, ping.payload as Uint8Array).group).toEqual([group]);
    await passMinute(events);
  }
});

test("who has quit is no longer present", async () => {
  const events = client.events();
  await events.next();
  await join();
  await session.nextUnlimited();
  const quitting = client.unlimitedGroups.quit(topicId);
  const request = await session.nextUnlimited();
  expect(request.type).toBe(5);
  session.answerUnlimited(6, request.packetId as string, topicId, 0, "");
  await quitting;
  await passMinute(events);
  await passMinute(events);
  expect(session.packets.size).toBe(0);
});

test("messages come once and are acknowledged per group", async () => {
  const events = client.events();
  await events.next();
  session.deliverUnlimited(topicId, { sequence: "5", text: "hello all" });
  session.deliverUnlimited(topicId, { sequence: "5", text: "hello all" });
  const { value } = await events.next();
  expect(value).toMatchObject({ type: "unlimitedGroupMessage" });
  expect(value).toMatchObject({ message: { topicId, sequence: "5", text: "hello all" } });
  const following = events.next();
  const ack = await session.nextUnlimited();
  expect(ack.type).toBe(7);
  const read = decode(UcSequenceAck, ack.payload as Uint8Array);
  expect(read).toEqual({ group, sequence: "5" });
  session.dismissUnlimited(topicId);
  expect((await following).value).toEqual({ type: "unlimitedGroupDismissed", topicId });
});

test("a message to a group is acknowledged like any other", async () => {
  const sending = client.sendToUnlimitedGroup(topicId, "hello", { bizType: "TEXT" });
  const packet = await session.nextUnlimited();
  expect(packet).toMatchObject({ type: 8, packetId: sending.packetId });
  const message = decode(UcMessage, packet.payload as Uint8Array);
  expect(message).toMatchObject({ group, packetId: sending.packetId, bizType: "TEXT" });
  session.refuse(sending.packetId, 404, "no such group");
  await expect(sending).rejects.toMatchObject({ kind: "refused", code: 404 });
});

test("groups are made, listed and dismissed by REST", async () => {
  answers = [
    { code: 200, message: "success", data: { topicId } },
    { code: 200, message: "success", data: [topicId] },
    { code: 200, message: "success", data: null },
  ];
  expect(await client.unlimitedGroups.create("all")).toBe(topicId);
  await client.unlimitedGroups.attendAll();
  expect((await session.nextUnlimited()).type).toBe(1);
  await client.unlimitedGroups.dismiss(topicId);
  expect(asked[2]).toEqual({ url: `${server.endpoint}/api/uctopic`, topicId });
});

test("a server without unlimited groups says so", async () => {
  answers = [{ code: 501, message: "not implemented", data: null }];
  const { unlimitedGroups } = client;
  await expect(unlimitedGroups.create("all")).rejects.toMatchObject({
    kind: "refused",
    code: 501,
    message: "not implemented",
  });
  const joining = unlimitedGroups.join(topicId);
  const { packetId = "" } = await session.nextUnlimited();
  session.answerUnlimited(4, packetId, topicId, 1, "not implemented");
  await expect(joining).rejects.toMatchObject({ kind: "refused", message: "not implemented" });
});

test("an answer that does not come is not waited for", async () => {
  const joining = client.unlimitedGroups.join(topicId);
  const timedOut = expect(joining).rejects.toMatchObject({ kind: "timedOut" });
  await vi.advanceTimersByTimeAsync(ANSWER_WAIT_MS);
  await timedOut;
  const controller = new AbortController();
  const given = client.unlimitedGroups.join(topicId, { signal: controller.signal });
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
});
