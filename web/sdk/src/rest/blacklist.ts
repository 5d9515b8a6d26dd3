import { type CallOptions, query, type Rest } from "../rest.js";

/**
 * Accounts whose P2P messages this account does not want.
 *
 * @throws {@link MimcError} of kind `refused` with the server's code, `unreachable`, `noToken` or
 * `badServer`; the signal's reason.
 */
export class Blacklist {
  readonly #rest: Rest;

  /** Of the client's account. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /**
   * From now on what the account sends here is refused, at the moment of sending. Harmless when it
   * is blocked already.
   *
   * @param account - Whom to block; oneself is refused with code 400.
   * @param options - A signal gives up.
   */
  async block(account: string, { signal }: CallOptions = {}): Promise<void> {
    await this.#rest.call("POST", "api/blacklist", { body: { blackAccount: account }, signal });
  }

  /**
   * The account may write again. What it sent meanwhile does not come.
   *
   * @param account - Whom to unblock.
   * @param options - A signal gives up.
   */
  async unblock(account: string, options: CallOptions = {}): Promise<void> {
    await this.#rest.call("DELETE", path(account), options);
  }

  /**
   * Whether an account is blocked.
   *
   * @param account - Whom to ask about.
   * @param options - A signal gives up.
   * @returns Whether this account has blocked it.
   */
  async has(account: string, options: CallOptions = {}): Promise<boolean> {
    const answer = await this.#rest.call<{ isBlack: boolean }>("GET", path(account), options);
    return answer.isBlack;
  }
}

function path(account: string): string {
  return `api/blacklist?${query({ blackAccount: account })}`;
}
