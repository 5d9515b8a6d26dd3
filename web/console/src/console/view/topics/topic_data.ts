/** What the admin API says of groups. */

export interface Topic {
  topicId: string;
  name: string;
  bulletin: string;
  extra: string;
  owner: { account: string; uuid: string };
  /** Milliseconds since 1970. */
  createdAt: number;
}

export interface Member {
  account: string;
  uuid: string;
  /** What has a higher sequence is for this member. */
  joined: string;
}

export interface Roster extends Topic {
  members: Member[];
}
