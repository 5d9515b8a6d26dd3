/** Tokens: what an app fetches for its user, read and kept. */

import { MimcError } from "./errors.js";

/** The `data` of a token answer. */
export interface TokenData {
  /** The app, decimal. */
  appId: string;
  /** The app's package, which every packet repeats. */
  appPackage: string;
  /** The app's own user id. */
  appAccount: string;
  /** The server's id for the account (uuid), decimal. */
  miUserId: string;
  /** Keys the signature of the login and the payloads. Base64. */
  miUserSecurityKey: string;
  /** Opaque, and good for some days. */
  token: string;
}

/** A whole token answer, as `POST /api/account/token` gives it to the app's backend. */
export interface TokenEnvelope {
  /** 200 when all is well. */
  code: number;
  /** Words for people. */
  message?: string;
  /** Null when something is wrong. */
  data?: (Partial<TokenData> & Record<string, unknown>) | null;
}

/** What the token is wanted for. */
export interface TokenRequest {
  /** The server refused the last one: a cached one would be refused as well. */
  isAgain: boolean;
  /** The client has ended meanwhile. */
  signal: AbortSignal;
}

/**
 * Gets a token for the account from the app's own backend, which alone holds the app's secret: the
 * answer of `POST /api/account/token`, parsed or as JSON text. Asked before the first login, and
 * again whenever the server has refused the last token. Throwing means "not for now": it is asked
 * again later.
 *
 * @param request - What the token is wanted for.
 * @returns The whole answer, parsed or as text. A code other than 200, 429 and 5xx ends the client
 * with a `refused` event.
 * @example
 * ```ts
 * const fetchToken = async ({ signal }: TokenRequest) => {
 *   const answer = await fetch("/im/token", { method: "POST", signal });
 *   if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
 *   return answer.text();
 * };
 * ```
 */
export type FetchToken = (
  request: TokenRequest,
) => TokenEnvelope | string | Promise<TokenEnvelope | string>;

/** Whose token it has to be. */
export interface Owner {
  /** `null` takes what the token says. */
  appId: string | number | null;
  account: string;
}

/** There is no good token. */
export class TokenError extends Error {
  /** Which field of the answer is to blame: `token`, `appId`, `appAccount` … */
  readonly field: string;
  /** Asking again may help. */
  readonly isPassing: boolean;

  /** With words for people. */
  constructor(field: string, message: string, isPassing = false) {
    super(message);
    this.field = field;
    this.isPassing = isPassing;
  }
}

/** Reads a token answer, parsed or as text; throws {@link TokenError}. */
export function readToken(answer: unknown, owner: Owner): TokenData {
  const envelope = parsed(answer);
  const code = Number(envelope.code);
  if (code !== 200) {
    const isPassing = code === 429 || code >= 500;
    throw new TokenError("code", `code ${envelope.code}: ${envelope.message ?? ""}`, isPassing);
  }
  const data = envelope.data;
  if (!data || typeof data !== "object") throw new TokenError("data", "no data");
  const read: TokenData = {
    appId: text(data, "appId"),
    appPackage: String(data.appPackage ?? ""),
    appAccount: text(data, "appAccount"),
    miUserId: text(data, "miUserId"),
    miUserSecurityKey: text(data, "miUserSecurityKey"),
    token: text(data, "token"),
  };
  if (read.appAccount !== owner.account) {
    throw new TokenError("appAccount", `is for account ${read.appAccount}, not ${owner.account}`);
  }
  if (!isSameApp(owner.appId, read.appId)) {
    throw new TokenError("appId", `is for app ${read.appId}, not ${owner.appId}`);
  }
  return read;
}

function parsed(answer: unknown): TokenEnvelope {
  let value = answer;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      throw new TokenError("envelope", "is no JSON");
    }
  }
  if (!value || typeof value !== "object") throw new TokenError("envelope", "is no object");
  return value as TokenEnvelope;
}

function text(data: Record<string, unknown>, field: keyof TokenData): string {
  const value = data[field];
  if (value === undefined || value === null || value === "") {
    throw new TokenError(field, `has no ${field}`);
  }
  return String(value);
}

/** A number of 19 digits has lost its last ones before anybody could look at it. */
function isSameApp(expected: string | number | null, appId: string): boolean {
  if (expected === null) return true;
  return typeof expected === "number" ? Number(appId) === expected : appId === String(expected);
}

/** Keeps the last token until it is refused; one request at a time. */
export class Tokens {
  readonly #fetch: FetchToken;
  readonly #owner: Owner;
  readonly #ended: AbortSignal;
  #data: TokenData | null = null;
  #isRefused = false;
  #asked: Promise<TokenData> | null = null;

  /** Nothing is fetched yet. */
  constructor(fetch: FetchToken, owner: Owner, ended: AbortSignal) {
    this.#fetch = fetch;
    this.#owner = owner;
    this.#ended = ended;
  }

  /** The token at hand, or a new one; rejects with {@link TokenError}. */
  get(): Promise<TokenData> {
    if (this.#data && !this.#isRefused) return Promise.resolve(this.#data);
    this.#asked ??= this.#ask().finally(() => {
      this.#asked = null;
    });
    return this.#asked;
  }

  /** The server does not take this token; the next {@link get} fetches. */
  refused(token: string): void {
    if (this.#data?.token === token) this.#isRefused = true;
  }

  async #ask(): Promise<TokenData> {
    const request = { isAgain: this.#isRefused, signal: this.#ended };
    let answer: unknown;
    try {
      answer = await this.#fetch(request);
    } catch (error) {
      throw new TokenError("fetchToken", wordsOf(error), true);
    }
    this.#data = readToken(answer, this.#owner);
    this.#isRefused = false;
    return this.#data;
  }
}

/** What was thrown, for people. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** As an app gets to see it. */
export function asMimcError(error: unknown): unknown {
  if (!(error instanceof TokenError)) return error;
  return new MimcError("noToken", `no token: ${error.message}`);
}
