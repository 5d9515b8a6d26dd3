// Writes docs/web-sdk.json, what the page /docs/en/web-sdk-reference is made of, from the TSDoc
// comments of the sources. `--check` compares instead. Either fails when something public has no
// comment.

import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";
import { Reader } from "./read.mjs";

const root = new URL("../src/", import.meta.url).pathname;
const file = new URL("../../../docs/web-sdk.json", import.meta.url);

/** What pages see of the script: the rest of its files is its inside. */
const GLOBAL = ["global/user.ts", "global/received.ts", "global/configuration.ts"];
const GLOBAL_NAMES = ["MIMCUser", "Received", "Configuration", "FetchTokenFunction", "Payload"];

const config = ts.readConfigFile(
  new URL("../tsconfig.json", import.meta.url).pathname,
  ts.sys.readFile,
);
const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, `${root}..`);
const program = ts.createProgram(
  [`${root}index.ts`, ...GLOBAL.map((name) => root + name)],
  options,
);
const checker = program.getTypeChecker();
const ofModule = exportsOf("index.ts");
const ofScript = GLOBAL_NAMES.map((name) =>
  GLOBAL.flatMap(exportsOf).find((exported) => exported.name === name),
);
const reader = new Reader(checker, [...ofModule, ...ofScript], root);

const document = {
  sections: [
    { id: "module", symbols: ofModule.map((one) => reader.exported(one)).sort(classesFirst) },
    { id: "script", symbols: ofScript.map((one) => reader.symbol(one, one.name === "MIMCUser")) },
  ],
};
const ids = identify(document);
const text = `${JSON.stringify(tidied(document), null, 1)}\n`;
if (reader.complaints.length) {
  console.error(reader.complaints.join("\n"));
  throw new Error("the web SDK's comments are not complete");
}
console.log(`web-sdk.json: ${ids.size} entries, ${text.length} bytes`);
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (text !== readFileSync(file, "utf8")) {
  throw new Error("docs/web-sdk.json is out of date: run `npm run build` and commit it");
}

function exportsOf(name) {
  const source = program.getSourceFile(root + name);
  return checker.getExportsOfModule(checker.getSymbolAtLocation(source));
}

/** What one calls stands before what one passes. */
function classesFirst(a, b) {
  const rank = ({ kind }) => (kind === "class" ? 0 : kind === "function" ? 1 : 2);
  return rank(a) - rank(b);
}

/** Gives everything that can be linked an id, unique on the page: `Client`, `Client.send`. */
function identify({ sections }) {
  const ids = new Set();
  const add = (id) => {
    if (ids.has(id)) throw new Error(`${id} is there twice`);
    ids.add(id);
    return id;
  };
  for (const symbol of sections.flatMap(({ symbols }) => symbols)) {
    symbol.id = add(symbol.name);
    for (const member of symbol.members ?? []) {
      if (member.kind !== "variant") member.id = add(`${symbol.name}.${member.id}`);
    }
  }
  return ids;
}

/** Without what is empty, and with `{@link X}` as a link to the place of X. */
function tidied(value) {
  if (Array.isArray(value)) return value.map(tidied);
  if (value && typeof value === "object") {
    const entries = Object.entries(value).filter(([, one]) => !isEmpty(one));
    return Object.fromEntries(entries.map(([key, one]) => [key, tidied(one)]));
  }
  if (typeof value !== "string") return value;
  return value.replace(/\{@link ([\w.]+)\}/g, (_, id) => {
    if (!ids.has(id)) reader.complaints.push(`{@link ${id}} leads nowhere`);
    return `[\`${id}\`](#${id})`;
  });
}

function isEmpty(value) {
  return value === "" || value === false || (Array.isArray(value) && value.length === 0);
}
