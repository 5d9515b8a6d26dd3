import { describe, expect, test } from "vitest";
import { type Content, write } from "../src/model/format";
import {
  type Entry,
  earliest,
  entry,
  merge,
  newest,
  sequenceOf,
  settle,
  shown,
  type Timeline,
} from "../src/model/timeline";

/** A message as the server gives it. */
function came(sequence: string, from: string, content: Content | string, id = ""): Entry {
  const payload =
    typeof content === "string" ? content : write(content, from, id || `id-${sequence}`).payload;
  return entry({ sequence, packetId: `p-${sequence}`, from, time: Number(sequence) }, payload);
}

/** A message of one's own on its way. */
function written(id: string, text: string, time: number): Entry {
  const { payload } = write({ kind: "text", text }, "alice", id);
  return entry({ sequence: "", packetId: "", from: "alice", time }, payload, "sending");
}

function text(of: string): Content {
  return { kind: "text", text: of };
}

function texts(timeline: Timeline): string[] {
  return shown(timeline).map(({ content, isRecalled }) =>
    isRecalled ? "(recalled)" : content.kind === "text" ? content.text : content.kind,
  );
}

describe("merging", () => {
  test("puts messages where the server has them, whatever the order of arrival", () => {
    const all = ["9", "10", "170000000012300001"].map((at) => came(at, "bob", at));
    const [a, b, c] = all as [Entry, Entry, Entry];
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, c, a],
    ]) {
      expect(order.reduce<Timeline>((line, one) => merge(line, [one]), [])).toEqual(all);
      expect(merge([], order)).toEqual(all);
    }
  });

  test("keeps each message once, live and from history", () => {
    const live = came("5", "bob", text("hello"));
    expect(merge([live], [came("5", "bob", text("hello"))])).toHaveLength(1);
    expect(merge([], [live, live])).toHaveLength(1);
  });

  test("keeps two plain texts that say the same", () => {
    expect(texts(merge([], [came("5", "bob", "ok"), came("6", "bob", "ok")]))).toEqual([
      "ok",
      "ok",
    ]);
  });

  test("lets a message on its way fall together with its arrival", () => {
    const sending = written("TEXT_1", "hello", 1);
    const arrived = came("5", "alice", text("hello"), "TEXT_1");
    expect(merge([sending], [arrived])).toEqual([arrived]);
  });

  test("does not take another's message for one's own because of its id", () => {
    const sending = written("TEXT_1", "mine", 1);
    const theirs = came("5", "bob", text("theirs"), "TEXT_1");
    expect(texts(merge([sending], [theirs]))).toEqual(["theirs", "mine"]);
  });

  test("leaves what is on its way at the end, in the order of writing", () => {
    const [first, second] = [written("a", "first", 1), written("b", "second", 2)];
    const line = merge(merge([second], [first]), [came("999", "bob", text("between"))]);
    expect(texts(line)).toEqual(["between", "first", "second"]);
  });
});

describe("settling", () => {
  test("gives a message its place", () => {
    const line = merge([written("a", "mine", 1)], [came("5", "bob", text("theirs"))]);
    const settled = settle(line, "a", { state: "sent", sequence: "4", packetId: "p", time: 4 });
    expect(texts(settled)).toEqual(["mine", "theirs"]);
    expect(settled[0]).toMatchObject({ state: "sent", sequence: "4", time: 4 });
  });

  test("says why it failed, and lets it be sent again", () => {
    const failed = settle([written("a", "mine", 1)], "a", { state: "failed", reason: "blocked" });
    expect(failed[0]).toMatchObject({ state: "failed", reason: "blocked" });
    const again = merge(failed, [written("a", "mine", 2)]);
    expect(again).toHaveLength(1);
    expect(again[0]?.state).toBe("sending");
  });

  test("changes nothing when the message has arrived by another way", () => {
    const arrived = came("5", "alice", text("hello"), "a");
    expect(settle([arrived], "a", { state: "failed" })).toEqual([arrived]);
  });
});

describe("what is shown", () => {
  test("leaves signals out", () => {
    const signals: Content[] = [{ kind: "ping" }, { kind: "pong" }, { kind: "read", of: "x" }];
    const line = signals.map((content, at) => came(String(at + 1), "bob", content));
    expect(shown(line)).toEqual([]);
  });

  test("a recall hides the message that it names, and is not seen itself", () => {
    const line = [
      came("1", "bob", text("oops"), "TEXT_1"),
      came("2", "bob", text("stays"), "TEXT_2"),
      came("3", "bob", { kind: "recall", of: "TEXT_1" }),
    ];
    expect(texts(line)).toEqual(["(recalled)", "stays"]);
  });

  test("a recall by somebody else is nothing", () => {
    const line = [
      came("1", "bob", text("mine to recall"), "TEXT_1"),
      came("2", "mallory", { kind: "recall", of: "TEXT_1" }),
    ];
    expect(texts(line)).toEqual(["mine to recall"]);
  });

  test("a recall that comes before its message, from history, hides it as well", () => {
    const recall = came("3", "bob", { kind: "recall", of: "TEXT_1" });
    const line = merge([recall], [came("1", "bob", text("oops"), "TEXT_1")]);
    expect(texts(line)).toEqual(["(recalled)"]);
  });

  test("a recall of nothing hides no message without an id", () => {
    const line = [came("1", "bob", "plain"), came("2", "bob", { kind: "recall", of: "" })];
    expect(texts(line)).toEqual(["plain"]);
  });

  test("a friend request is answered by what the other says after it", () => {
    const asked = came("2", "bob", { kind: "friendRequest" });
    const answer: Content = { kind: "friendAnswer", accepted: true };
    const isAnswered = (line: Timeline) =>
      shown(line).find(({ content }) => content.kind === "friendRequest")?.isAnswered;
    expect(isAnswered([asked])).toBe(false);
    expect(isAnswered([came("1", "alice", answer), asked])).toBe(false);
    expect(isAnswered([asked, came("3", "bob", answer)])).toBe(false);
    expect(isAnswered([asked, came("3", "alice", answer)])).toBe(true);
  });

  test("letters of four bytes and types that nobody knows are there", () => {
    const sticker = JSON.stringify({ version: 0, msgType: "STICKER", payload: "🐼" });
    const line = [came("1", "bob", text("𝄞🏔")), came("2", "bob", sticker), came("3", "bob", "{")];
    expect(texts(line)).toEqual(["𝄞🏔", "🐼", "{"]);
  });
});

test("the earliest and the newest are those that the server has", () => {
  const line = merge(
    [written("a", "on its way", 1)],
    [came("5", "bob", "five"), came("7", "bob", "seven")],
  );
  expect(earliest(line)?.sequence).toBe("5");
  expect(newest(line)?.sequence).toBe("7");
  expect(earliest([written("a", "on its way", 1)])).toBeUndefined();
});

test("a message is found by its sender and its sender's id", () => {
  const line = [came("5", "bob", text("a"), "x"), came("6", "alice", text("b"), "x")];
  expect(sequenceOf(line, "alice", "x")).toBe("6");
  expect(sequenceOf(line, "alice", "y")).toBe("");
});
