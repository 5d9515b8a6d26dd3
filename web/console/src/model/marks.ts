/**
 * What was read, kept in this browser: the server keeps messages, not who has looked at them. One
 * record for each account.
 */

import { latest } from "./sequence";

interface Marks {
  /** The newest message that I have seen, by conversation. */
  mine: Record<string, string>;
  /** The newest of mine that the other has seen. */
  theirs: Record<string, string>;
}

export class ReadMarks {
  private readonly key: string;
  private readonly marks: Marks;

  constructor(account: string) {
    this.key = `mimc.chat.read.${account}`;
    this.marks = load(this.key);
  }

  get(whose: keyof Marks, conversation: string): string {
    return this.marks[whose][conversation] ?? "";
  }

  /** Moves a mark forward, never back. */
  advance(whose: keyof Marks, conversation: string, sequence: string): string {
    const mark = latest(this.get(whose, conversation), sequence);
    this.marks[whose][conversation] = mark;
    localStorage.setItem(this.key, JSON.stringify(this.marks));
    return mark;
  }
}

function load(key: string): Marks {
  try {
    return { mine: {}, theirs: {}, ...JSON.parse(localStorage.getItem(key) ?? "{}") };
  } catch {
    return { mine: {}, theirs: {} };
  }
}
