/** What the admin API says of callbacks. Times are milliseconds since 1970. */

export type Status = "pending" | "delivered" | "failed";

export interface Attempt {
  at: number;
  httpStatus: number | null;
  error: string | null;
  /** How long it took, in milliseconds. */
  ms: number;
}

export interface Callback {
  id: string;
  msgType: string;
  /** Where the newest attempt went; `null` before the first. */
  url: string | null;
  sequence: string;
  status: Status;
  createdAt: number;
  /** Of one that is pending. */
  nextAt: number | null;
  attempts: Attempt[];
}

export interface CallbackDetail extends Callback {
  /** What is posted; `null` for those who only look. */
  request: { url: string | null; headers: Record<string, string>; body: string } | null;
}

export interface Tried {
  instant: Attempt | null;
  offline: Attempt | null;
}

export interface Verdict {
  valid: boolean;
  /** The signature that would be right. */
  expected: string | null;
  sentence: { en: string; zh: string };
}
