import { describe, expect, test } from "vitest";
import { type Content, isNote, isShown, isStored, read, safeUrl, write } from "../src/model/format";

/** A frame of another app. */
function frame(msgType: unknown, payload: unknown, more: object = {}): string {
  return JSON.stringify({ version: 0, msgId: "m1", msgType, timestamp: "1", payload, ...more });
}

function text(of: string): Content {
  return { kind: "text", text: of };
}

const CONTENTS: Content[] = [
  text("hello"),
  text('你好 👍🏽 𝄞 \u0000\uFEFF "quoted" <b>'),
  { kind: "attachment", type: "PIC_FILE", url: "https://files.example.com/1.jpg", name: "" },
  { kind: "attachment", type: "BIN_FILE", url: "https://files.example.com/1", name: "plan.pdf" },
  { kind: "recall", of: "TEXT_1" },
  { kind: "read", of: "TEXT_1" },
  { kind: "ping" },
  { kind: "pong" },
  { kind: "friendRequest" },
  { kind: "friendAnswer", accepted: true },
  { kind: "friendAnswer", accepted: false },
  { kind: "membersAdded", accounts: ["bob", "小红"] },
  { kind: "memberLeft" },
  { kind: "groupDismissed" },
];

describe("what is written", () => {
  test.each(CONTENTS)("is read as the same: %j", (content) => {
    const { id, type, payload } = write(content, "alice");
    expect(read(payload)).toEqual({ id, content });
    expect(JSON.parse(payload)).toMatchObject({ version: 0, msgId: id, msgType: type });
  });

  test("has an id of its own, or the one it had when it is sent again", () => {
    const ids = Array.from({ length: 100 }, () => write(text("x"), "alice").id);
    expect(new Set(ids).size).toBe(100);
    expect(write(text("x"), "alice", "TEXT_7").id).toBe("TEXT_7");
  });

  test("is what the manual's examples look like", () => {
    const payloadOf = (content: Content) => JSON.parse(write(content, "alice").payload).payload;
    expect(payloadOf(text("hello"))).toBe("hello");
    expect(payloadOf({ kind: "recall", of: "TEXT_1" })).toEqual({ recall_msgId: "TEXT_1" });
    expect(payloadOf({ kind: "read", of: "TEXT_1" })).toEqual({ read_msgId: "TEXT_1" });
    expect(payloadOf({ kind: "ping" })).toBe("alice");
    expect(payloadOf({ kind: "friendRequest" })).toEqual({ add_requester: "alice" });
    const accepted = { add_responser: "alice", accepted: true };
    expect(payloadOf({ kind: "friendAnswer", accepted: true })).toEqual(accepted);
  });
});

describe("what others write", () => {
  test("text without JSON is text", () => {
    for (const payload of [
      "",
      "hello",
      "{",
      '{"msgType":"TEXT"',
      "null",
      "7",
      '"a"',
      "[1]",
      "{}",
    ]) {
      expect(read(payload)).toEqual({ id: "", content: text(payload) });
    }
  });

  test("an unknown type is text, with its id", () => {
    expect(read(frame("STICKER", "🐼"))).toEqual({ id: "m1", content: text("🐼") });
    expect(read(frame("STICKER", { pack: 7 }))).toEqual({ id: "m1", content: text('{"pack":7}') });
    expect(read(frame("__proto__", null))).toEqual({ id: "m1", content: text("null") });
    const bare = '{"version":0,"msgType":"STICKER"}';
    expect(read(bare)).toEqual({ id: "", content: text(bare) });
  });

  test("a later version of a known type is text", () => {
    const later = read(frame("TEXT", { rich: "**b**" }, { version: 1 }));
    expect(later.content).toEqual(text('{"rich":"**b**"}'));
    expect(read(frame("PING", "bob", { version: "0" })).content).toEqual(text("bob"));
  });

  test("a known type that holds something else is text", () => {
    expect(read(frame("TEXT", ["<b>", null])).content).toEqual(text('["<b>",null]'));
    expect(read(frame("PIC_FILE", { href: "x" })).content).toEqual(text('{"href":"x"}'));
    expect(read(frame("PIC_FILE", null)).content).toEqual(text("null"));
    expect(read(frame("GROUP_MEMBERS_ADDED", "bob")).content).toEqual(text("bob"));
  });

  test("a URL alone is good for an attachment, as the manual has it", () => {
    const content = {
      kind: "attachment",
      type: "AUDIO_FILE",
      url: "https://a.example/1",
      name: "",
    };
    expect(read(frame("AUDIO_FILE", "https://a.example/1")).content).toEqual(content);
  });

  test("a recall or receipt of any type of message is one", () => {
    for (const type of ["TEXT", "PIC_FILE", "AUDIO_FILE", "BIN_FILE"]) {
      const recall = read(frame(`${type}_RECALL`, { recall_msgId: "m0" })).content;
      expect(recall).toEqual({ kind: "recall", of: "m0" });
      const receipt = read(frame(`${type}_READ`, { read_msgId: "m0" })).content;
      expect(receipt).toEqual({ kind: "read", of: "m0" });
    }
    expect(read(frame("TEXT_RECALL", null)).content).toEqual({ kind: "recall", of: "" });
    expect(read(frame("GIF_RECALL", { recall_msgId: "m0" })).content.kind).toBe("text");
  });

  test("an id that is no text is none", () => {
    expect(read(frame("TEXT", "a", { msgId: 12 })).id).toBe("");
    expect(read(frame("TEXT", "a", { msgId: undefined })).id).toBe("");
  });

  test("a friend request is answered with yes by the word true alone", () => {
    for (const accepted of [1, "true", null, undefined, {}]) {
      const { content } = read(frame("ADD_FRIEND_RESPONSE", { accepted }));
      expect(content).toEqual({ kind: "friendAnswer", accepted: false });
    }
  });

  test("a payload that is cut anywhere is text", () => {
    const whole = write(text("你好 👍🏽"), "alice").payload;
    for (let end = 0; end < whole.length; end++) {
      const cut = whole.slice(0, end);
      expect(read(cut)).toEqual({ id: "", content: text(cut) });
    }
  });

  test("letters of four bytes survive, escaped or not", () => {
    expect(read(frame("TEXT", "𝄞🏔")).content).toEqual(text("𝄞🏔"));
    const escaped = '{"version":0,"msgType":"TEXT","payload":"\\ud834\\udd1e\\ud83c\\udfd4"}';
    expect(read(escaped).content).toEqual(text("𝄞🏔"));
  });
});

test("what matters now or never is not stored, and not shown", () => {
  const kinds = (are: (content: Content) => boolean) =>
    new Set(CONTENTS.filter((content) => !are(content)).map(({ kind }) => kind));
  expect(kinds(isStored)).toEqual(new Set(["read", "ping", "pong"]));
  expect(kinds(isShown)).toEqual(new Set(["read", "ping", "pong", "recall"]));
});

test("a note is what happened to a group", () => {
  const notes = CONTENTS.filter(isNote).map(({ kind }) => kind);
  expect(notes).toEqual(["membersAdded", "memberLeft", "groupDismissed"]);
});

test("only https and this server's own files may be loaded", () => {
  expect(safeUrl("https://files.example.com/1.jpg")?.host).toBe("files.example.com");
  expect(safeUrl("/chat/icon.svg")?.href).toBe("https://im.example.com/chat/icon.svg");
  for (const text of [
    ...["javascript:alert(1)", "data:text/html,<b>", "http://files.example.com/1", "ftp://a/b"],
    ...["blob:https://other.example/1", "https://", "http://[", "file:///etc/passwd"],
  ]) {
    expect(safeUrl(text), text).toBeUndefined();
  }
});
