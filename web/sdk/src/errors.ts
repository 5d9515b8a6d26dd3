/** What can go wrong, one word for each thing that an app can act on. */
export type ErrorKind =
  /** The server says no; `code` says why. Asking again unchanged would be judged afresh. */
  | "refused"
  /** Too many messages wait for their receipts; wait for some. */
  | "outboxFull"
  /** The client has ended: logged out, closed, kicked or refused. */
  | "ended"
  /** Nobody answers at the server's address. */
  | "unreachable"
  /** No answer in time. */
  | "timedOut"
  /** What came was not this protocol. */
  | "badServer"
  /** There is no good token. */
  | "noToken";

/** Everything that this package rejects with, apart from the reasons of AbortSignals. */
export class MimcError extends Error {
  /** Tells it from other errors where `instanceof` cannot. */
  override readonly name = "MimcError";
  /** What went wrong. */
  readonly kind: ErrorKind;
  /**
   * Of a refusal: 400 bad target or parameter, 401 bad credentials, 403 blocked, banned or no
   * member, 404 no such topic, 413 payload too large, 429 too many requests, 500 and 503 the
   * server's own trouble, 501 not built. Otherwise 0.
   */
  readonly code: number;

  /**
   * Of a kind, with words for people.
   *
   * @param kind - What went wrong.
   * @param message - Words for people.
   * @param code - Of a refusal.
   */
  constructor(kind: ErrorKind, message: string, code = 0) {
    super(message);
    this.kind = kind;
    this.code = code;
  }
}
