/** The REST API as the user of an app may call it: with the token. */

import { MimcError } from "./errors.js";
import { asMimcError, type Tokens, wordsOf } from "./token.js";

const SUCCESS = 200;
const UNAUTHORIZED = 401;

/** What every call accepts. */
export interface CallOptions {
  /** Gives the call up; it may have been carried out by then. */
  signal?: AbortSignal | undefined;
}

/** A request. */
export interface Call extends CallOptions {
  /** Beside the token. */
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
}

/**
 * The `fetch` of this platform, or one like it.
 *
 * @param url - Below the endpoint.
 * @param init - Method, headers, body and signal.
 * @returns The answer, of any status.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** One server, asked with the tokens of one account. */
export class Rest {
  readonly #base: string;
  readonly #tokens: Tokens;
  readonly #fetch: Fetch;

  /** `base` ends with a slash. */
  constructor(base: string, tokens: Tokens, fetch: Fetch) {
    this.#base = base;
    this.#tokens = tokens;
    this.#fetch = fetch;
  }

  /** The app that the token is for. */
  async appId(): Promise<string> {
    return (await this.#token()).appId;
  }

  /**
   * The `data` of the answer. Asks once more with a new token when the server does not take the
   * one at hand. Rejects with {@link MimcError}, or with the reason of the signal.
   */
  async call<T>(method: string, path: string, call: Call = {}): Promise<T> {
    call.signal?.throwIfAborted();
    const { token } = await this.#token();
    try {
      return await this.#ask(method, path, call, token);
    } catch (error) {
      if (!(error instanceof MimcError) || error.code !== UNAUTHORIZED) throw error;
      this.#tokens.refused(token);
      return await this.#ask(method, path, call, (await this.#token()).token);
    }
  }

  async #token() {
    try {
      return await this.#tokens.get();
    } catch (error) {
      throw asMimcError(error);
    }
  }

  async #ask<T>(method: string, path: string, call: Call, token: string): Promise<T> {
    const headers: Record<string, string> = { ...call.headers, token };
    const init: RequestInit = { method, headers };
    if (call.signal) init.signal = call.signal;
    if (call.body !== undefined) {
      headers["content-type"] = "application/json";
      init.body = JSON.stringify(call.body);
    }
    const answer = await this.#answer(path, init);
    if (answer.code !== SUCCESS) throw new MimcError("refused", answer.message, answer.code);
    return answer.data as T;
  }

  async #answer(path: string, init: RequestInit): Promise<Answer> {
    let response: Response;
    try {
      response = await this.#fetch(this.#base + path, init);
    } catch (error) {
      init.signal?.throwIfAborted();
      throw new MimcError("unreachable", wordsOf(error));
    }
    try {
      const { code, message, data } = await response.json();
      return { code: Number(code), message: String(message), data };
    } catch {
      init.signal?.throwIfAborted();
      throw new MimcError("badServer", `HTTP ${response.status} without an envelope`);
    }
  }
}

interface Answer {
  code: number;
  message: string;
  data: unknown;
}

/** A query string of these. */
export function query(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}
