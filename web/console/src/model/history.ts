/** What was said before this page was opened. The server keeps it, and the list of conversations. */

import { type Account, entryOf } from "./account";
import type { Conversation } from "./conversation";
import { earliest, entry } from "./timeline";

/** Messages that are loaded at once. */
const PAGE = 30;

export class History {
  constructor(private readonly account: Account) {}

  /** The recent conversations, each with its last message. */
  async loadContacts(): Promise<void> {
    for (const {
      userType,
      id,
      name,
      timestampMs,
      lastMessage,
    } of await this.account.client.contacts.list()) {
      const isGroup = userType === "TOPIC";
      const { sequence, fromAccount, text } = lastMessage;
      const of = { sequence, packetId: "", from: fromAccount, time: timestampMs };
      this.account.conversation(isGroup ? id : name, isGroup, name).add(entry(of, text));
    }
  }

  /** One page more, above what is there. */
  async loadEarlier(conversation: Conversation): Promise<void> {
    const { id, isGroup, timeline, hasEarlier, isLoading, hasFailed } = conversation;
    if (isLoading.value || !hasEarlier.value) {
      return;
    }
    isLoading.value = true;
    hasFailed.value = false;
    const { history } = this.account.client;
    const range = { beforeMs: earliest(timeline.value)?.time, count: PAGE };
    try {
      const page = isGroup
        ? await history.ofTopic(id, range)
        : await history.withAccount(id, range);
      conversation.add(...page.messages.map(entryOf));
      hasEarlier.value = page.messages.length === PAGE;
    } catch {
      hasFailed.value = true;
    } finally {
      isLoading.value = false;
    }
  }
}
