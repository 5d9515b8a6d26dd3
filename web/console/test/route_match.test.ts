import { describe, expect, it } from "vitest";
import { api, match, placeOf, to } from "../src/console/route_match";

describe("an address", () => {
  it("is the fragment, in one spelling, with its query", () => {
    for (const [hash, path, query] of [
      ["", "/", ""],
      ["#", "/", ""],
      ["#/", "/", ""],
      ["#/apps/", "/apps", ""],
      ["#//apps//5", "/apps/5", ""],
      ["#/apps/5/accounts?prefix=a%20b&after=", "/apps/5/accounts", "prefix=a+b&after="],
      ["#/a?b?c", "/a", "b%3Fc="],
    ] as const) {
      const place = placeOf(hash);
      expect([place.path, place.query.toString()], hash).toEqual([path, query]);
    }
  });

  it("names the parts of its pattern, decoded", () => {
    expect(match("/", "/")).toEqual({});
    expect(match("/apps/:app", "/apps/5")).toEqual({ app: "5" });
    expect(match("/apps/:app/accounts/:account", "/apps/5/accounts/a%2Fb%20%E5%B0%8F")).toEqual({
      app: "5",
      account: "a/b 小",
    });
  });

  it("is of no other pattern", () => {
    for (const [pattern, path] of [
      ["/", "/apps"],
      ["/apps", "/"],
      ["/apps/:app", "/apps"],
      ["/apps/:app", "/apps/5/accounts"],
      ["/apps/:app", "/topics/5"],
      ["/apps/:app", "/apps/%E5%B0"],
    ] as const) {
      expect(match(pattern, path), `${pattern} ${path}`).toBeUndefined();
    }
  });

  it("comes back from what it was made of", () => {
    for (const account of ["a", "a/b", "a b?c#d", "小红", "100%", ".."]) {
      const { path } = placeOf(to`/apps/${"5"}/accounts/${account}`);
      expect(match("/apps/:app/accounts/:account", path)).toEqual({ app: "5", account });
      expect(api`/apps/${"5"}/accounts/${account}`).toBe(path);
    }
  });
});
