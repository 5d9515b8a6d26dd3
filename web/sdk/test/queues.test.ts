import { expect, test, vi } from "vitest";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, Backoff } from "../src/backoff.js";
import type { ClientEvent } from "../src/event.js";
import { FILTER_SEQUENCES_MAX, Filter } from "../src/filter.js";
import { INBOX_FLEETING_MAX, INBOX_MESSAGES_MAX, INBOX_STATUSES_MAX, Inbox } from "../src/inbox.js";
import { Message } from "../src/message.js";
import { IN_FLIGHT_MAX, OUTBOX_MESSAGES_MAX, Outbox } from "../src/outbox.js";

function message(sequence: number): ClientEvent {
  const parts = {
    sequence: String(sequence),
    timestampMs: 0,
    packetId: "",
    fromAccount: "a",
    fromResource: "r",
    toAccount: "b",
    payload: new Uint8Array(),
    bizType: "",
  };
  return { type: "message", message: new Message(parts) };
}

const lost: ClientEvent = { type: "disconnected", reason: "silent", detail: "", retryInMs: 1 };
const connected: ClientEvent = { type: "connected", uuid: "1" };
const fleeting: ClientEvent = { type: "onlineAck", ack: { packetId: "", code: 0, text: "" } };

function outgoing(packetId: string) {
  const to = { account: "b" };
  return { packetId, to, payload: new Uint8Array(), isStore: true, bizType: undefined };
}

function answer(packetId: string, code = 0) {
  return { packetId, code, text: code === 0 ? "" : "no", sequence: "7", timestampMs: 1 };
}

// Inbox

test("a mark is passed when the app has dealt with what is before it", async () => {
  const inbox = new Inbox();
  const passed = vi.fn();
  inbox.put(message(1));
  inbox.mark(passed);
  await inbox.next();
  expect(passed).not.toHaveBeenCalled();
  const second = inbox.next();
  expect(passed).toHaveBeenCalledOnce();
  inbox.put(message(2));
  expect(await second).toEqual(message(2));
});

test("a mark behind nothing is passed at once, and one behind what is in hand later", async () => {
  const inbox = new Inbox();
  const passed = vi.fn();
  inbox.mark(passed);
  expect(passed).toHaveBeenCalledTimes(1);
  inbox.put(message(1));
  await inbox.next();
  inbox.mark(passed);
  expect(passed).toHaveBeenCalledTimes(1);
  inbox.done();
  expect(passed).toHaveBeenCalledTimes(2);
});

test("who waits twice gets two events, and has dealt with the first", async () => {
  const inbox = new Inbox();
  const passed = vi.fn();
  const both = [inbox.next(), inbox.next()];
  inbox.put(message(1));
  inbox.mark(passed);
  expect(passed).toHaveBeenCalledOnce();
  inbox.put(message(2));
  expect(await Promise.all(both)).toEqual([message(1), message(2)]);
});

test("nothing follows a last event", async () => {
  const inbox = new Inbox();
  inbox.put({ type: "loggedOut" });
  inbox.put(message(1));
  expect(await inbox.next()).toEqual({ type: "loggedOut" });
  expect(await inbox.next()).toBeUndefined();
});

test("a wait that is given up takes nothing", async () => {
  const inbox = new Inbox();
  const controller = new AbortController();
  const given = inbox.next(controller.signal);
  controller.abort(new Error("enough"));
  await expect(given).rejects.toThrow("enough");
  await expect(inbox.next(controller.signal)).rejects.toThrow("enough");
  inbox.put(message(1));
  expect(await inbox.next()).toEqual(message(1));
});

test("each kind of event has its bound", async () => {
  const inbox = new Inbox();
  for (let at = 0; at < INBOX_MESSAGES_MAX; at++) expect(inbox.put(message(at))).toBe(true);
  expect(inbox.put(message(9))).toBe(false);
  for (let at = 0; at < 2 * INBOX_FLEETING_MAX; at++) {
    inbox.put(fleeting);
    inbox.put(lost);
  }
  inbox.put(connected);
  inbox.put({ type: "loggedOut" });
  const counts = new Map<string, number>();
  let lastStatus = "";
  for (let event = await inbox.next(); event; event = await inbox.next()) {
    counts.set(event.type, (counts.get(event.type) ?? 0) + 1);
    if (event.type === "connected" || event.type === "disconnected") lastStatus = event.type;
  }
  expect(Object.fromEntries(counts)).toEqual({
    message: INBOX_MESSAGES_MAX,
    onlineAck: INBOX_FLEETING_MAX,
    disconnected: INBOX_STATUSES_MAX - 1,
    connected: 1,
    loggedOut: 1,
  });
  expect(lastStatus).toBe("connected");
});

// Outbox

test("a message waits until it is acknowledged, and is written once per connection", () => {
  const outbox = new Outbox();
  const fate = { stored: vi.fn(), failed: vi.fn() };
  const written: string[] = [];
  const write = ({ packetId }: { packetId: string }) => written.push(packetId);
  outbox.add(outgoing("1"), fate);
  outbox.add(outgoing("2"), fate);
  outbox.writeTo(write);
  outbox.writeTo(write);
  expect(written).toEqual(["1", "2"]);
  outbox.answered(answer("1"));
  outbox.rewind();
  outbox.writeTo(write);
  expect(written).toEqual(["1", "2", "2"]);
  outbox.answered(answer("2", 403));
  outbox.answered(answer("2"));
  expect(fate.stored).toHaveBeenCalledExactlyOnceWith({
    packetId: "1",
    sequence: "7",
    timestampMs: 1,
  });
  expect(fate.failed.mock.calls[0]?.[0]).toMatchObject({ kind: "refused", code: 403 });
  expect(outbox.size).toBe(0);
});

test("a binding that has ended is no verdict", () => {
  const outbox = new Outbox();
  const fate = { stored: vi.fn(), failed: vi.fn() };
  outbox.add(outgoing("1"), fate);
  outbox.answered(answer("1", 401));
  expect(outbox.size).toBe(1);
  expect(fate.failed).not.toHaveBeenCalled();
});

test("so many are in flight, so many wait, and one more is refused", () => {
  const outbox = new Outbox();
  const fate = { stored: vi.fn(), failed: vi.fn() };
  let written = 0;
  const count = () => {
    written += 1;
  };
  for (let at = 0; at < OUTBOX_MESSAGES_MAX; at++) outbox.add(outgoing(String(at)), fate);
  outbox.writeTo(count);
  expect(written).toBe(IN_FLIGHT_MAX);
  outbox.add(outgoing("more"), fate);
  expect(fate.failed.mock.calls[0]?.[0]).toMatchObject({ kind: "outboxFull" });
  outbox.answered(answer("0"));
  outbox.writeTo(count);
  expect(written).toBe(IN_FLIGHT_MAX + 1);
});

test("the end is told to all that wait and to those who come", () => {
  const outbox = new Outbox();
  const fate = { stored: vi.fn(), failed: vi.fn() };
  outbox.add(outgoing("1"), fate);
  outbox.close();
  outbox.add(outgoing("2"), fate);
  expect(fate.failed.mock.calls.map(([error]) => error.kind)).toEqual(["ended", "ended"]);
});

test("one name is not given to two messages at a time", () => {
  const outbox = new Outbox();
  const fate = { stored: vi.fn(), failed: vi.fn() };
  outbox.add(outgoing("1"), fate);
  expect(() => outbox.add(outgoing("1"), fate)).toThrow("on its way already");
});

// Filter and backoff

test("a sequence is new once, and stays known when it is forgotten", () => {
  const filter = new Filter();
  const first = 9_007_199_254_740_993n;
  const sequences = Array.from({ length: FILTER_SEQUENCES_MAX + 1 }, (_, at) => {
    return String(first + BigInt(at));
  });
  for (const sequence of sequences) expect(filter.isNew(sequence)).toBe(true);
  for (const sequence of sequences) expect(filter.isNew(sequence)).toBe(false);
  expect(filter.isNew("5")).toBe(false);
});

test("waits double up to the longest one, each cut to its half at most", () => {
  const backoff = new Backoff();
  for (let whole = BACKOFF_FIRST_MS; whole < 4 * BACKOFF_MAX_MS; whole *= 2) {
    const limit = Math.min(whole, BACKOFF_MAX_MS);
    const wait = backoff.nextWaitMs();
    expect(wait).toBeGreaterThanOrEqual(limit / 2);
    expect(wait).toBeLessThanOrEqual(limit);
  }
  backoff.reset();
  expect(backoff.nextWaitMs()).toBeLessThanOrEqual(BACKOFF_FIRST_MS);
});
