/** An account whose server is a list of answers: what the model's parts need of one. */

import { vi } from "vitest";
import type { Account } from "../src/model/account";
import { Conversation } from "../src/model/conversation";
import { ReadMarks } from "../src/model/marks";

export function fakeAccount() {
  const known = new Map<string, Conversation>();
  const conversation = (id: string, isGroup: boolean, title?: string) => {
    const made =
      known.get(id) ?? new Conversation(id, isGroup, "alice", new ReadMarks("alice"), title);
    known.set(id, made);
    if (title !== undefined) {
      made.title.value = title;
    }
    return made;
  };
  const account = {
    name: "alice",
    client: {
      topics: {
        list: vi.fn(),
        get: vi.fn(),
        create: vi.fn(),
        invite: vi.fn(),
        leave: vi.fn(),
        dismiss: vi.fn(),
      },
      history: { withAccount: vi.fn(), ofTopic: vi.fn() },
      contacts: { list: vi.fn() },
      blacklist: { has: vi.fn(), block: vi.fn(), unblock: vi.fn() },
    },
    send: vi.fn(async () => {}),
    conversation: vi.fn(conversation),
    forget: vi.fn((gone: Conversation) => known.delete(gone.id)),
  };
  return { fake: account, account: account as unknown as Account, known };
}
