/** Who may not write to this account. The server keeps the list, and refuses what they send. */

import type { Account } from "./account";
import type { Conversation } from "./conversation";

export class Blacklist {
  constructor(private readonly account: Account) {}

  async refresh({ id, isBlocked }: Conversation): Promise<void> {
    isBlocked.value = await this.account.client.blacklist.has(id);
  }

  async block({ id, isBlocked }: Conversation): Promise<void> {
    await this.account.client.blacklist.block(id);
    isBlocked.value = true;
  }

  async unblock({ id, isBlocked }: Conversation): Promise<void> {
    await this.account.client.blacklist.unblock(id);
    isBlocked.value = false;
  }
}
