/** A request that is to be sent, and the same as a curl command. */

import type { Operation } from "./operations";

export interface Request {
  method: string;
  /** From the root of the server, with its query. */
  path: string;
  headers: Record<string, string>;
  body?: string;
}

/** `values` are those of the parameters, by name; empty ones that are optional are left out. */
export function requestOf(
  operation: Operation,
  values: Record<string, string>,
  headers: Record<string, string>,
  body: string,
): Request {
  let path = operation.path;
  const query = new URLSearchParams();
  const all: Record<string, string> = { ...headers };
  for (const parameter of operation.parameters) {
    const value = values[parameter.name] ?? "";
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    } else if (value !== "" && parameter.in === "query") {
      query.set(parameter.name, value);
    } else if (value !== "") {
      all[parameter.name] = value;
    }
  }
  const text = query.toString();
  const request: Request = {
    method: operation.method,
    path: text === "" ? path : `${path}?${text}`,
    headers: all,
  };
  if (operation.body !== undefined) {
    request.headers["Content-Type"] = "application/json";
    request.body = body;
  }
  return request;
}

/** A header carries Latin letters only: other names go as base64, and a header says so. */
export function accountHeaders(account: string): Record<string, string> {
  if (/^[\x20-\x7e]*$/.test(account)) {
    return { appAccount: account };
  }
  const bytes = new TextEncoder().encode(account);
  const packed = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return { appAccount: packed, appAccountEncode: "base64" };
}

/** What a shell puts in by itself; the one header whose value is not to be quoted away. */
const ADMIN = { Authorization: "Bearer $MIMC_ADMIN_TOKEN" };

/**
 * The same for one who has an admin token in the environment: the session's own proof would be of no use
 * outside of this page.
 */
export function byToken({ headers, ...request }: Request): Request {
  const { "X-Mimc-Csrf": _, ...others } = headers;
  return { ...request, headers: { ...ADMIN, ...others } };
}

/** What a POSIX shell sends as this request. */
export function curl(origin: string, { method, path, headers, body }: Request): string {
  const words = ["curl", "-s"];
  if (method !== (body === undefined ? "GET" : "POST")) {
    words.push("-X", method);
  }
  words.push(quoted(origin + path));
  for (const [name, value] of Object.entries(headers)) {
    const line = `${name}: ${value}`;
    words.push("\\\n  -H", value === ADMIN.Authorization ? `"${line}"` : quoted(line));
  }
  if (body !== undefined) {
    words.push("\\\n  -d", quoted(body));
  }
  return words.join(" ");
}

/** One word for the shell, whatever is in it. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
