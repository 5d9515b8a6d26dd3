/** What /openapi.json says of each request, as far as the explorer needs it. */

import type { Language } from "../../../../look/language";

export interface Schema {
  type?: string | string[];
  description?: string;
  examples?: unknown[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  $ref?: string;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header";
  description?: string;
  required?: boolean;
  schema?: Schema;
  example?: unknown;
}

interface Described {
  operationId?: string;
  summary?: string;
  "x-summary-zh"?: string;
  description?: string;
  tags?: string[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  security?: Record<string, string[]>[];
}

export interface Document {
  tags?: { name: string; "x-name-zh"?: string }[];
  paths: Record<string, Record<string, Described>>;
  components?: Record<string, Record<string, unknown>>;
}

export type Identity = "none" | "token" | "app" | "console";
/** What the server's apps call, and what its operators do. */
export type Api = "apps" | "admin";

export interface Operation {
  id: string;
  api: Api;
  method: string;
  path: string;
  tag: Record<Language, string>;
  summary: Record<Language, string>;
  description: string;
  parameters: Parameter[];
  /** An example of the body; `undefined`: it has none. */
  body: unknown;
  identities: Identity[];
  /** Of the admin API: what a viewer may not. */
  isForAdmins: boolean;
  /** Of the admin API: what a session may not, and a token may. */
  needsToken: boolean;
}

const METHODS = ["get", "post", "put", "patch", "delete"];

export function operations(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, verbs]) =>
    METHODS.flatMap((verb) => {
      const described = verbs[verb];
      return described === undefined ? [] : [operation(document, path, verb, described)];
    }),
  );
}

function operation(document: Document, path: string, verb: string, it: Described): Operation {
  const schema = it.requestBody?.content?.["application/json"]?.schema;
  const tag = document.tags?.find(({ name }) => name === it.tags?.[0]);
  const security = it.security ?? [];
  const api = path.startsWith("/admin/") ? "admin" : "apps";
  return {
    id: it.operationId ?? `${verb} ${path}`,
    api,
    method: verb.toUpperCase(),
    path,
    tag: { en: tag?.name ?? "", zh: tag?.["x-name-zh"] ?? tag?.name ?? "" },
    summary: { en: it.summary ?? path, zh: it["x-summary-zh"] ?? it.summary ?? path },
    description: it.description ?? "",
    parameters: (it.parameters ?? []).map((one) => resolved<Parameter>(document, one)),
    body: schema === undefined ? undefined : exampleOf(document, schema),
    identities: identities(api, security),
    isForAdmins: security.some(({ adminToken }) => adminToken?.[0] === "admin"),
    needsToken: security.length > 0 && !security.some((one) => "session" in one) && api === "admin",
  };
}

function identities(api: Api, security: Record<string, string[]>[]): Identity[] {
  if (security.length === 0) {
    return ["none"];
  }
  if (api === "admin") {
    return ["console"];
  }
  return security.map((one): Identity => ("token" in one ? "token" : "app"));
}

function resolved<T>(document: Document, value: T | { $ref: string }): T {
  const ref = (value as { $ref?: string }).$ref;
  if (ref === undefined) {
    return value as T;
  }
  const found = ref
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], document);
  return (found ?? {}) as T;
}

/** How deep an example goes: a schema may refer to itself. */
const DEPTH_MAX = 6;

/** What is required, with the examples of the document. */
export function exampleOf(document: Document, given: Schema, depth = 0): unknown {
  const schema = resolved<Schema>(document, given);
  if (schema.examples !== undefined && schema.examples.length > 0) {
    return schema.examples[0];
  }
  if (schema.const !== undefined || schema.default !== undefined) {
    return schema.const ?? schema.default;
  }
  const choice = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (choice !== undefined && depth < DEPTH_MAX) {
    return exampleOf(document, choice, depth + 1);
  }
  if (schema.properties !== undefined && depth < DEPTH_MAX) {
    const wanted = Object.entries(schema.properties).filter(
      ([name]) => schema.required === undefined || schema.required.includes(name),
    );
    return Object.fromEntries(
      wanted.map(([name, inner]) => [name, exampleOf(document, inner, depth + 1)]),
    );
  }
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case "array":
      return schema.items && depth < DEPTH_MAX
        ? [exampleOf(document, schema.items, depth + 1)]
        : [];
    case "integer":
    case "number":
      return 0;
    case "boolean":
      return schema.enum?.[0] ?? true;
    case "object":
      return {};
    case "null":
      return null;
    default:
      return schema.enum?.[0] ?? "";
  }
}

/** By every word of the text, in what a request is called in either language, its path and its tag. */
export function find(all: readonly Operation[], text: string): Operation[] {
  const sought = text.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ method, path, summary, tag }) => {
    const called = [summary, tag].flatMap((words) => Object.values(words)).join(" ");
    const said = `${method} ${path} ${called}`.toLowerCase();
    return sought.every((word) => said.includes(word));
  });
}
