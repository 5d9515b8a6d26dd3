/**
 * What was read, kept in this browser: the server keeps messages, not who has looked at them. One
 * record for each account.
 */

import { latest } from "./sequence";

interface Marks {
  /** The newest message that I have seen, by conversation. */
  mine: Map<string, string>;
  /** The newest of mine that the other has seen. */
  theirs: Map<string, string>;
}

export class ReadMarks {
  private readonly key: string;
  private readonly marks: Marks;

  constructor(account: string) {
    this.key = `mimc.chat.read.${account}`;
    this.marks = load(this.key);
  }

  get(whose: keyof Marks, conversation: string): string {
    return this.marks[whose].get(conversation) ?? "";
  }

  /** Moves a mark forward, never back. */
  advance(whose: keyof Marks, conversation: string, sequence: string): string {
    const mark = latest(this.get(whose, conversation), sequence);
    this.marks[whose].set(conversation, mark);
    const [mine, theirs] = [this.marks.mine, this.marks.theirs].map(Object.fromEntries);
    localStorage.setItem(this.key, JSON.stringify({ mine, theirs }));
    return mark;
  }
}

/** What is kept, or nothing where it is not what it should be. */
function load(key: string): Marks {
  let kept: unknown;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "");
  } catch {
    // Nothing, or no JSON.
  }
  const of = (name: keyof Marks) => {
    const marks = Object(Object(kept)[name]);
    return new Map(
      Object.entries(marks).filter((mark): mark is [string, string] => isText(mark[1])),
    );
  };
  return { mine: of("mine"), theirs: of("theirs") };
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
