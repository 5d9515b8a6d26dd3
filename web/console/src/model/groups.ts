/** Groups are topics: they have an owner and members, and the server knows both. */

import type { TopicRoster } from "@openmimc/sdk";
import type { Account } from "./account";
import type { Conversation } from "./conversation";

export class Groups {
  constructor(private readonly account: Account) {}

  /** All groups that the account is in, also those where nobody has written yet. */
  async load(): Promise<void> {
    for (const topic of await this.account.client.topics.list()) {
      this.account.conversation(topic.topicId, true, topic.topicName);
    }
  }

  async create(title: string, members: string[]): Promise<Conversation> {
    return this.show(await this.account.client.topics.create(title, members));
  }

  async refresh(conversation: Conversation): Promise<void> {
    this.show(await this.account.client.topics.get(conversation.id));
  }

  async invite(conversation: Conversation, members: string[]): Promise<void> {
    this.show(await this.account.client.topics.invite(conversation.id, members));
  }

  /** The owner cannot leave the others alone: for him it is the end of the group. */
  async leave(conversation: Conversation, isOwner: boolean): Promise<void> {
    const { topics } = this.account.client;
    await (isOwner ? topics.dismiss(conversation.id) : topics.leave(conversation.id));
    this.account.forget(conversation);
  }

  private show({ topicInfo, members }: TopicRoster): Conversation {
    const { topicId, topicName, ownerAccount } = topicInfo;
    const conversation = this.account.conversation(topicId, true, topicName);
    conversation.members.value = members.map(({ account }) => ({
      account,
      isOwner: account === ownerAccount,
    }));
    return conversation;
  }
}

/** "bob, carol" as a list; Chinese commas count as well. */
export function names(text: string): string[] {
  return text
    .split(/[,，、\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
