import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Reader } from "../reference/read.mjs";
import { comment } from "../reference/tsdoc.mjs";

let directory;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "mimc-reference-"));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** Reads a source as the SDK's entry is read. */
function read(source) {
  const file = join(directory, "index.ts");
  writeFileSync(file, source);
  // Without the platform's types, which take their time and are not ours.
  const program = ts.createProgram([file], { noLib: true, types: [], strict: true });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const exported = checker.getExportsOfModule(module);
  const reader = new Reader(checker, exported, directory);
  const symbols = exported.map((one) => reader.exported(one));
  return { symbols, complaints: reader.complaints };
}

describe("a comment", () => {
  test("is taken apart at its tags, and keeps its lines", () => {
    const read = comment(`/**
     * Sends it,
     * at once.
     *
     * @param to - To whom:
     * somebody.
     * @param what - It.
     * @returns Nothing.
     * @throws One thing.
     * @throws Another.
     */`);
    expect(read.text).toBe("Sends it,\nat once.");
    expect([...read.parameters]).toEqual([
      ["to", "To whom:\nsomebody."],
      ["what", "It."],
    ]);
    expect(read.returns).toBe("Nothing.");
    expect(read.throws).toEqual(["One thing.", "Another."]);
  });

  test("may have code in which an @ is an @", () => {
    const code = '```ts\n@decorated\nsend("@bob");\n```';
    const raw = `/**\n * Sends.\n *\n * @example\n${code.replace(/^/gm, " * ")}\n */`;
    expect(comment(raw).examples).toEqual([code]);
  });

  test("that is not there says nothing", () => {
    expect(comment(undefined)).toMatchObject({ text: "", returns: "", isInternal: false });
  });
});

describe("what is public", () => {
  test("is complained of when it has no comment, by name", () => {
    const { complaints } = read(`
      export class Client {
        readonly account = "";
        constructor(options: string) {}
        send(to: string): Promise<number> { return Promise.resolve(1); }
        #hidden() {}
        private secret() {}
      }
      export interface Options { signal?: string }
      export type Kind = "a" | "b";
    `);
    expect(complaints).toEqual([
      "index.ts: Client has no comment",
      "index.ts: Client: constructor has no comment",
      "index.ts: Client: constructor has no @param options",
      "index.ts: Client.account has no comment",
      "index.ts: Client.send has no comment",
      "index.ts: Client.send has no @param to",
      "index.ts: Client.send has no @returns",
      "index.ts: Client.send has no @throws",
      "index.ts: Options has no comment",
      "index.ts: Options.signal has no comment",
      "index.ts: Kind has no comment",
    ]);
  });

  test("must not mention a type that is not exported", () => {
    const { complaints } = read(`
      interface Inside { a: string }
      /** A function.
       * @param inside - It.
       */
      export function take(inside: readonly Inside[]): void {}
    `);
    expect(complaints).toEqual(["index.ts: take mentions Inside, which is not exported"]);
  });

  test("must not describe a parameter that is not there", () => {
    const { complaints } = read(`
      /** A function.
       * @param a - It.
       * @param b - Not there.
       */
      export function take(a: string): void {}
    `);
    expect(complaints).toEqual(["index.ts: take has no parameter b"]);
  });

  test("has its signatures, with what was destructured under the name of its comment", () => {
    const { symbols, complaints } = read(`
      /** What every call accepts. */
      export interface CallOptions {
        /** Gives up. */
        signal?: string | undefined;
      }
      /**
       * A client.
       *
       * @throws An error.
       */
      export class Client {
        /**
         * Of an account.
         *
         * @param account - It.
         */
        constructor(account: string);
        /**
         * Of an app.
         *
         * @param appId - It.
         * @param account - It.
         */
        constructor(appId: string, account: string);
        constructor(...names: string[]) {}
        /**
         * Asks.
         *
         * @param options - How.
         * @returns What was found.
         */
        async ask({ signal }: CallOptions = {}): Promise<string> { return signal ?? ""; }
        /** @internal */
        inside(): void {}
      }
    `);
    expect(complaints).toEqual([]);
    const [options, client] = symbols;
    expect(options.members).toMatchObject([{ name: "signal", type: "string", isOptional: true }]);
    expect(client.members.map(({ signatures }) => signatures)).toEqual([
      ["new Client(account: string)"],
      ["new Client(appId: string, account: string)"],
      ["ask(options?: CallOptions): Promise<string>"],
    ]);
    expect(client.members[2].throws).toEqual(["An error."]);
  });

  test("shows a union's members with their comments", () => {
    const { symbols } = read(`
      /** What happens. */
      export type Event =
        /** One. */
        | { readonly type: "one"; readonly at: number }
        /** Two. */
        | { readonly type: "two" };
    `);
    expect(symbols[0].members).toMatchObject([
      { name: '{ type: "one"; at: number }', text: "One." },
      { name: '{ type: "two" }', text: "Two." },
    ]);
  });

  test("shows what a base that is not exported has as its own", () => {
    const { symbols, complaints } = read(`
      abstract class Base {
        /** Where it is. */
        readonly place = "";
      }
      /** A thing. */
      export class Thing extends Base {}
    `);
    expect(complaints).toEqual([]);
    expect(symbols[0].signatures).toEqual(["class Thing"]);
    expect(symbols[0].members).toMatchObject([{ name: "place", text: "Where it is." }]);
  });
});
