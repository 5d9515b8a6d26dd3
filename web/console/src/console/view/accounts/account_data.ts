/** What the admin API says of accounts. Times are milliseconds since 1970. */

export interface AccountRow {
  account: string;
  uuid: string;
  banned: boolean;
  createdAt: number;
  online: boolean;
}

/** Messages that wait; `isMore`: there are more than were counted. */
export interface Pending {
  count: number;
  isMore: boolean;
}

export interface Device {
  resource: string;
  online: boolean;
  /** Everything up to here is acknowledged; `null`: it is just signing in. */
  cursor: string | null;
  /** Copies of the account's own sends are owed from here on. */
  ownAfter: string | null;
  seenAt: number | null;
  pending?: Pending;
}

export interface Account {
  account: string;
  uuid: string;
  banned: boolean;
  createdAt: number;
  /** Of a temporary account. */
  expiresAt?: number | null;
  pending?: Pending;
  devices: Device[];
}

export interface Membership {
  topicId: string;
  name: string;
  owner: { account: string; uuid: string };
  members: number;
  joined: string;
}

export interface Contact {
  kind: "account" | "topic";
  account?: string;
  topicId?: string;
  name?: string;
  sequence: string;
  at: number;
}
