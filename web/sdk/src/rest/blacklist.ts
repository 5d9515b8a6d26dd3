import { type CallOptions, query, type Rest } from "../rest.js";

/** Accounts whose P2P messages this account does not want. */
export class Blacklist {
  readonly #rest: Rest;

  /** Of the client's account. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** From now on what the account sends here is refused. */
  async block(account: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#rest.call("POST", "api/blacklist", { body: { blackAccount: account }, signal });
  }

  /** The account may write again. */
  async unblock(account: string, options: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", path(account), options);
  }

  /** Whether the account is blocked. */
  async has(account: string, options: CallOptions = {}): Promise<boolean> {
    const answer = await this.#rest.call<{ isBlack: boolean }>("GET", path(account), options);
    return answer.isBlack;
  }
}

function path(account: string): string {
  return `api/blacklist?${query({ blackAccount: account })}`;
}
