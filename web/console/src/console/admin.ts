/**
 * The admin API, as everything here asks it. The cookie says who asks; what changes something also
 * carries the session's CSRF token.
 */

import { words } from "./part/words";
import { ended, type Session, session } from "./session";

const BASE = "/admin/v1";

/** Why the server did not do it, in its own words. */
export class AdminError extends Error {
  constructor(
    /** The HTTP status; 0: there was no answer. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** The field that is to blame, as the API names it. */
    readonly field?: string,
  ) {
    super(message);
  }
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Throws an `AdminError`. Paths are those of the admin API, as "/apps". */
export const admin = {
  get: <T>(path: string, signal?: AbortSignal) => ask<T>("GET", path, undefined, signal),
  post: <T>(path: string, body: unknown = {}) => ask<T>("POST", path, body),
  put: <T>(path: string, body: unknown = {}) => ask<T>("PUT", path, body),
  patch: <T>(path: string, body: unknown) => ask<T>("PATCH", path, body),
  delete: <T>(path: string) => ask<T>("DELETE", path),
};

async function ask<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  try {
    return await transmit<T>(method, path, body, signal);
  } catch (error) {
    if (error instanceof AdminError && error.code === "csrf") {
      // Another tab has signed in anew: the cookie is its session's, and so must the token be.
      session.value = await transmit<Session>("GET", "/session");
      return transmit<T>(method, path, body, signal);
    }
    throw error;
  }
}

async function transmit<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
  }
  if (method !== "GET" && session.value) {
    headers["X-Mimc-Csrf"] = session.value.csrf;
  }
  const answer = await reach(BASE + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  if (answer.ok) {
    return answer.status === 204 ? (undefined as T) : answer.json();
  }
  const error = await refusal(answer);
  if (error.status === 401) {
    ended();
  }
  throw error;
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) {
      throw error;
    }
    throw new AdminError(0, "unreachable", words.value.unreachable);
  }
}

/** What is not the API's own form comes from a proxy between. */
async function refusal(answer: Response): Promise<AdminError> {
  const fallback = new AdminError(answer.status, "http", `HTTP ${answer.status}`);
  try {
    const { error } = await answer.json();
    return typeof error?.message === "string"
      ? new AdminError(answer.status, String(error.code), error.message, error.field)
      : fallback;
  } catch {
    return fallback;
  }
}
