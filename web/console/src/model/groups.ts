/**
 * Groups are topics: they have an owner and members, and the server knows both. It tells nobody of a
 * change, so whoever makes one says so in the group: who was added sees the group at once.
 */

import { MimcError, type TopicRoster } from "@openmimc/sdk";
import type { Account } from "./account";
import type { Conversation, Member } from "./conversation";
import type { Content } from "./format";

export class Groups {
  constructor(private readonly account: Account) {}

  /** All groups that the account is in, also those where nobody has written yet. */
  async load(): Promise<void> {
    for (const topic of await this.account.client.topics.list()) {
      this.account.conversation(topic.topicId, true, topic.topicName);
    }
  }

  async create(title: string, members: string[]): Promise<Conversation> {
    const conversation = this.show(await this.account.client.topics.create(title, members));
    this.tellAdded(conversation, members);
    return conversation;
  }

  /** Asks who is in it now; a group that refuses to say is none of ours any more. */
  async refresh(conversation: Conversation): Promise<void> {
    try {
      this.show(await this.account.client.topics.get(conversation.id));
    } catch (error) {
      if (!(error instanceof MimcError && error.kind === "refused")) {
        throw error;
      }
      conversation.isOver.value = true;
    }
  }

  async invite(conversation: Conversation, members: string[]): Promise<void> {
    const before = new Set(conversation.members.value.map(({ account }) => account));
    this.show(await this.account.client.topics.invite(conversation.id, members));
    this.tellAdded(
      conversation,
      members.filter((account) => !before.has(account)),
    );
  }

  /** The owner cannot leave the others alone: for him it is the end of the group. */
  async leave(conversation: Conversation, isOwner: boolean): Promise<void> {
    const { topics } = this.account.client;
    await this.refresh(conversation); // Without a connection it ends here.
    await this.account.send(conversation, { kind: isOwner ? "groupDismissed" : "memberLeft" });
    await (isOwner ? topics.dismiss(conversation.id) : topics.leave(conversation.id));
    this.account.forget(conversation);
  }

  /** Somebody says that members have changed: what is true is asked of the server. */
  async heard(conversation: Conversation, from: string, { kind }: Content): Promise<void> {
    if (kind === "memberLeft" && from === this.account.name) {
      return this.account.forget(conversation); // On another device.
    }
    await this.refresh(conversation);
    const { members, isOver } = conversation;
    // These two are said a moment before they are done.
    if (kind === "memberLeft") {
      members.value = members.value.filter(({ account }) => account !== from);
    }
    if (kind === "groupDismissed" && members.value.some(isOwnedBy(from))) {
      isOver.value = true;
    }
  }

  private tellAdded(conversation: Conversation, accounts: string[]) {
    if (accounts.length > 0) {
      this.account.send(conversation, { kind: "membersAdded", accounts });
    }
  }

  private show({ topicInfo, members }: TopicRoster): Conversation {
    const { topicId, topicName, ownerAccount } = topicInfo;
    const conversation = this.account.conversation(topicId, true, topicName);
    conversation.isOver.value = false;
    conversation.members.value = members.map(({ account }) => ({
      account,
      isOwner: account === ownerAccount,
    }));
    return conversation;
  }
}

function isOwnedBy(name: string) {
  return ({ account, isOwner }: Member) => isOwner && account === name;
}

/** "bob, carol" as a list; Chinese commas count as well. */
export function names(text: string): string[] {
  return text
    .split(/[,，、\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
