import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Document,
  exampleOf,
  find,
  type Operation,
  operations,
} from "../src/console/view/playground/explorer/operations";
import {
  accountHeaders,
  byToken,
  curl,
  quoted,
  requestOf,
} from "../src/console/view/playground/explorer/request";
import { tokenIn } from "../src/console/view/playground/token_in";

const file = new URL("../../../docs/openapi.json", import.meta.url);
const document: Document = JSON.parse(readFileSync(file, "utf8"));
const all = operations(document);
const named = (id: string) => all.find((one) => one.id === id) as Operation;

describe("the document of this server", () => {
  it("gives every request a name of its own, a tag and a way to be asked", () => {
    expect(all.length).toBeGreaterThan(60);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const operation of all) {
      expect(operation.tag.en, operation.id).not.toBe("");
      expect(operation.summary.zh, operation.id).toMatch(/[\u4e00-\u9fff]/);
      expect(operation.identities.length, operation.id).toBeGreaterThan(0);
    }
  });

  it("fills in what a request needs", () => {
    expect(named("pushP2p").body).toMatchObject({ fromAccount: "alice", msg: "hello" });
    expect(named("pushP2p").body).not.toHaveProperty("bizType");
    expect(named("createTopic").parameters.map(({ name }) => name)).toContain("appId");
    expect(named("contacts").identities).toEqual(["token", "app"]);
    expect(named("token").identities).toEqual(["none"]);
  });

  it("says who may ask what of the admin API", () => {
    const of = ({ api, identities, isForAdmins, needsToken }: Operation) => [
      api,
      ...identities,
      isForAdmins,
      needsToken,
    ];
    expect(of(named("listApps"))).toEqual(["admin", "console", false, false]);
    expect(of(named("banAccount"))).toEqual(["admin", "console", true, false]);
    expect(of(named("signinCode"))).toEqual(["admin", "console", true, true]);
    expect(of(named("signIn"))).toEqual(["admin", "none", false, false]);
    expect(of(named("pushP2p"))).toEqual(["apps", "none", false, false]);
    expect(named("changeApp").body).toEqual({ retentionDays: 365 });
  });

  it("is searched by every word", () => {
    expect(find(all, "push topic").map(({ id }) => id)).toEqual(["pushP2t", "pushP2tMore"]);
    expect(find(all, "更换 密钥").map(({ id }) => id)).toEqual(["rotateSecret"]);
    expect(find(all, "")).toHaveLength(all.length);
    expect(find(all, "no such thing")).toEqual([]);
  });
});

describe("an example", () => {
  it("ends, also of a schema that refers to itself", () => {
    const own = { paths: {}, components: { schemas: { Tree: {} } } };
    const tree = { properties: { inner: { $ref: "#/components/schemas/Tree" } } };
    own.components.schemas.Tree = tree;
    expect(JSON.stringify(exampleOf(own, tree)).length).toBeLessThan(200);
  });
});

describe("a request", () => {
  const operation = named("isBlocked");

  it("has its parameters where they belong, encoded", () => {
    const request = requestOf(operation, { blackAccount: "a&b 你" }, { token: "t" }, "");
    expect(request).toEqual({
      method: "GET",
      path: "/api/blacklist?blackAccount=a%26b+%E4%BD%A0",
      headers: { token: "t" },
    });
    const topic = requestOf(named("queryTopic"), { appId: "1", topicId: "2/3" }, {}, "");
    expect(topic.path).toBe("/api/topic/1/2%2F3");
  });

  it("names accounts that no header can carry in base64", () => {
    expect(accountHeaders("alice")).toEqual({ appAccount: "alice" });
    expect(accountHeaders("小明")).toEqual({
      appAccount: Buffer.from("小明").toString("base64"),
      appAccountEncode: "base64",
    });
  });
});

describe("curl", () => {
  it("says to a shell exactly what would be sent", () => {
    const body = `{"msg": "it's $HOME \`date\` \\"quoted\\" 你好"}`;
    const request = { method: "PUT", path: "/a?b=c&d=e", headers: { "x-y": "'; rm -rf /" }, body };
    const command = curl("http://127.0.0.1:1", request).replace("curl", "printf '%s\\0'");
    const words = execFileSync("sh", ["-c", command]).toString().split("\0").slice(0, -1);
    expect(words).toEqual([
      "-s",
      "-X",
      "PUT",
      "http://127.0.0.1:1/a?b=c&d=e",
      "-H",
      "x-y: '; rm -rf /",
      "-d",
      body,
    ]);
  });

  it("lets the shell put in the admin token, and leaves out the session's own proof", () => {
    const headers = { "X-Mimc-Csrf": "secret", "Content-Type": "application/json" };
    const request = byToken({ method: "POST", path: "/admin/v1/apps", headers, body: "{}" });
    const command = curl("http://a", request).replace("curl", "printf '%s\\0'");
    const env = { PATH: process.env.PATH, MIMC_ADMIN_TOKEN: "$x" };
    const words = execFileSync("sh", ["-c", command], { env }).toString().split("\0");
    expect(words).toContain("Authorization: Bearer $x");
    expect(command).not.toContain("secret");
  });

  it("leaves plain words plain", () => {
    expect(quoted("http://a/b")).toBe("http://a/b");
    expect(quoted("")).toBe("''");
    const request = { method: "GET", path: "/livez", headers: {} };
    expect(curl("http://a", request)).toBe("curl -s http://a/livez");
  });
});

describe("the token in what is pasted", () => {
  it("is found alone, quoted, and in the whole answer", () => {
    expect(tokenIn("  abc\n")).toBe("abc");
    expect(tokenIn('"abc"')).toBe("abc");
    expect(tokenIn('{"code":200,"data":{"token":"abc","appId":"1"}}')).toBe("abc");
    expect(tokenIn('{"token":"abc"}')).toBe("abc");
    expect(tokenIn('{"code":401,"data":null}')).toBe('{"code":401,"data":null}');
  });
});
