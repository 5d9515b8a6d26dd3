import type { CallOptions, Rest } from "../rest.js";

/** Which devices of an account are online. */
export interface AccountStatus {
  /** The account. */
  account: string;
  /** Its devices that are connected now; none: it is offline. */
  onlineResources: string[];
}

/**
 * Other accounts of the app.
 *
 * @throws {@link MimcError} of kind `refused` with the server's code, `unreachable`, `noToken` or
 * `badServer`; the signal's reason.
 */
export class Accounts {
  readonly #rest: Rest;

  /** As the client's account sees them. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /**
   * Who is online.
   *
   * @param accounts - Up to 1,000.
   * @param options - A signal gives up.
   * @returns In the order of the accounts that were asked for.
   */
  status(accounts: readonly string[], { signal }: CallOptions = {}): Promise<AccountStatus[]> {
    return this.#rest.call("POST", "api/account/status", { body: { accounts }, signal });
  }
}
