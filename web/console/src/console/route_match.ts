/** Which view an address means. Addresses are fragments: the server serves one page for all. */

export type Params = Readonly<Record<string, string>>;

export interface Place {
  /** "/apps/5/accounts", still encoded. */
  path: string;
  query: URLSearchParams;
}

/** `hash` as `location` has it, with or without its "#". */
export function placeOf(hash: string): Place {
  const text = hash.replace(/^#/, "");
  const at = text.indexOf("?");
  const path = at < 0 ? text : text.slice(0, at);
  const parts = path.split("/").filter((part) => part !== "");
  return {
    path: `/${parts.join("/")}`,
    query: new URLSearchParams(at < 0 ? "" : text.slice(at + 1)),
  };
}

/** The parts that a pattern like "/apps/:app" names, decoded; `undefined`: another place. */
export function match(pattern: string, path: string): Params | undefined {
  const names = pattern.split("/");
  const parts = path.split("/");
  if (names.length !== parts.length) {
    return undefined;
  }
  const params: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const part = decoded(parts[at] ?? "");
    if (part === undefined || (name.startsWith(":") ? part === "" : part !== name)) {
      return undefined;
    }
    if (name.startsWith(":")) {
      params[name.slice(1)] = part;
    }
  }
  return params;
}

/** An address with its values encoded: to`/apps/${app}`. */
export function to(texts: TemplateStringsArray, ...values: string[]): string {
  return `#${api(texts, ...values)}`;
}

/** The same for paths of the admin API. */
export function api(texts: TemplateStringsArray, ...values: string[]): string {
  return texts.reduce((path, text, at) => path + encodeURIComponent(values[at - 1] ?? "") + text);
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
