/**
 * The messages of one conversation, in the server's order, each once: whatever comes twice (live and
 * from history, or sent here and acked) falls together. Values in, values out.
 */

import { type Content, type Frame, isShown, read } from "./format";
import { compare } from "./sequence";

export type State = "sending" | "sent" | "failed";

export interface Entry {
  /** "" until the server has it. */
  sequence: string;
  packetId: string;
  from: string;
  /** Of the server, in milliseconds; of this clock until it is there. */
  time: number;
  state: State;
  /** Why it failed. */
  reason?: string;
  frame: Frame;
}

/** A message as it is drawn. */
export interface Shown extends Entry {
  content: Content;
  isRecalled: boolean;
  /** Answered, when it is a friend request. */
  isAnswered: boolean;
}

export type Timeline = readonly Entry[];

export function entry(
  of: Omit<Entry, "frame" | "state">,
  payload: string,
  state: State = "sent",
): Entry {
  return { ...of, state, frame: read(payload) };
}

/** Puts messages where they belong; those already there are replaced. */
export function merge(timeline: Timeline, added: readonly Entry[]): Timeline {
  const kept = timeline.filter((old) => !added.some((entry) => isSame(old, entry)));
  const unique = added.filter(
    (entry, at) => !added.slice(at + 1).some((later) => isSame(entry, later)),
  );
  return [...kept, ...unique].sort(inOrder);
}

/** Changes one's own message that is on its way. */
export function settle(timeline: Timeline, id: string, change: Partial<Entry>): Timeline {
  const own = timeline.find((entry) => entry.state !== "sent" && entry.frame.id === id);
  return own === undefined ? timeline : merge(timeline, [{ ...own, ...change }]);
}

/** What is to be seen of it: recalls applied, signals left out. */
export function shown(timeline: Timeline): Shown[] {
  const recalled = new Set<string>();
  /** Where each account last answered a friend request. */
  const answers = new Map<string, number>();
  timeline.forEach(({ from, frame }, at) => {
    if (frame.content.kind === "recall") {
      recalled.add(key(from, frame.content.of));
    }
    if (frame.content.kind === "friendAnswer") {
      answers.set(from, at);
    }
  });
  return timeline.flatMap((entry, at) => {
    const { from, frame } = entry;
    if (!isShown(frame.content)) {
      return [];
    }
    const isRecalled = frame.id !== "" && recalled.has(key(from, frame.id));
    const isAnswered = [...answers].some(([who, when]) => who !== from && when > at);
    return [{ ...entry, content: frame.content, isRecalled, isAnswered }];
  });
}

/** The sequence of a message by its sender's id, "" when it is not here. */
export function sequenceOf(timeline: Timeline, from: string, id: string): string {
  return timeline.find((entry) => entry.from === from && entry.frame.id === id)?.sequence ?? "";
}

/** The oldest that the server has. */
export function earliest(timeline: Timeline): Entry | undefined {
  return timeline.find((entry) => entry.sequence !== "");
}

export function newest(timeline: Timeline): Entry | undefined {
  return timeline.findLast((entry) => entry.sequence !== "");
}

/** The same sequence, or the same message on its way and arrived. */
function isSame(a: Entry, b: Entry): boolean {
  if (a.sequence !== "" && b.sequence !== "") {
    return a.sequence === b.sequence;
  }
  return a.from === b.from && a.frame.id !== "" && a.frame.id === b.frame.id;
}

/** What the server does not have yet stands last, in the order of writing. */
function inOrder(a: Entry, b: Entry): number {
  if (a.sequence === "" || b.sequence === "") {
    return a.sequence === b.sequence ? a.time - b.time : a.sequence === "" ? 1 : -1;
  }
  return compare(a.sequence, b.sequence);
}

function key(from: string, id: string): string {
  return `${from}\n${id}`;
}
