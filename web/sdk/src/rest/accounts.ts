import type { CallOptions, Rest } from "../rest.js";

/** Which devices of an account are online. */
export interface AccountStatus {
  /** The account. */
  account: string;
  /** Its devices that are connected now; none: it is offline. */
  onlineResources: string[];
}

/** Other accounts of the app. */
export class Accounts {
  readonly #rest: Rest;

  /** As the client's account sees them. */
  constructor(rest: Rest) {
    this.#rest = rest;
  }

  /** Who is online; up to 1,000 accounts, answered in their order. */
  status(accounts: readonly string[], { signal }: CallOptions = {}): Promise<AccountStatus[]> {
    return this.#rest.call("POST", "api/account/status", { body: { accounts }, signal });
  }
}
