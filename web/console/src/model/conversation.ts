/** A conversation with a person or a group: its state, which the page draws. */

import { computed, signal } from "@preact/signals";
import { isShown } from "./format";
import type { ReadMarks } from "./marks";
import { compare } from "./sequence";
import { type Entry, merge, newest, settle, shown, type Timeline } from "./timeline";

export type Presence = "unknown" | "asking" | "online" | "silent";

export interface Member {
  account: string;
  isOwner: boolean;
}

export class Conversation {
  readonly title;
  readonly timeline = signal<Timeline>([]);
  readonly members = signal<readonly Member[]>([]);
  readonly presence = signal<Presence>("unknown");
  /** Whether the server may have earlier messages. */
  readonly hasEarlier = signal(true);
  readonly isLoading = signal(false);
  /** Whether they could not be loaded the last time. */
  readonly hasFailed = signal(false);
  /** Whether what this person writes here is refused. */
  readonly isBlocked = signal(false);
  /** Whether this group is no more, or no longer mine. */
  readonly isOver = signal(false);
  readonly readMine;
  readonly readTheirs;

  readonly shown = computed(() => shown(this.timeline.value));
  readonly last = computed(() => this.shown.value.at(-1));
  readonly unread = computed(() => {
    const mark = this.readMine.value;
    const isUnread = ({ sequence, from, frame }: Entry) =>
      from !== this.me && isShown(frame.content) && compare(sequence, mark) > 0;
    return this.timeline.value.filter(isUnread).length;
  });

  constructor(
    /** An account name, or a topicId. */
    readonly id: string,
    readonly isGroup: boolean,
    private readonly me: string,
    private readonly marks: ReadMarks,
    title = id,
  ) {
    this.title = signal(title);
    this.readMine = signal(marks.get("mine", this.key));
    this.readTheirs = signal(marks.get("theirs", this.key));
  }

  get key(): string {
    return keyOf(this.id, this.isGroup);
  }

  add(...entries: Entry[]) {
    this.timeline.value = merge(this.timeline.value, entries);
  }

  settle(id: string, change: Partial<Entry>) {
    this.timeline.value = settle(this.timeline.value, id, change);
  }

  /** All that is here has been seen. Gives the message to write a receipt for, if it is a new one. */
  markRead(): Entry | undefined {
    const isUnread = this.unread.value > 0;
    const last = newest(this.timeline.value);
    if (last !== undefined) {
      this.readMine.value = this.marks.advance("mine", this.key, last.sequence);
    }
    const theirs = ({ from, frame }: Entry) =>
      from !== this.me && isShown(frame.content) && frame.id !== "";
    return isUnread ? this.timeline.value.findLast(theirs) : undefined;
  }

  markReadByThem(sequence: string) {
    this.readTheirs.value = this.marks.advance("theirs", this.key, sequence);
  }
}

export function keyOf(id: string, isGroup: boolean): string {
  return `${isGroup ? "g" : "p"}:${id}`;
}
