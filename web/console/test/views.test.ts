import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { AppSettings } from "../src/console/apps";
import { newest } from "../src/console/stats";
import { changes, textsOf } from "../src/console/view/apps/settings_change";
import { find, type Setting, written } from "../src/console/view/configuration/settings";
import * as samples from "../src/console/view/start/samples";

describe("the settings of an app", () => {
  const settings: AppSettings = {
    instantCallback: null,
    offlineCallback: "https://a.example/offline",
    accountTtl: 0,
    topicMembers: 500,
    maxPayload: 15_360,
    retentionDays: 30,
  };
  const changed = (more: object) => changes(settings, { ...textsOf(settings), ...more });

  it("that are as they were are not sent", () => {
    expect(changed({})).toEqual({});
    expect(
      changed({ topicMembers: " 500 ", offlineCallback: "https://a.example/offline " }),
    ).toEqual({});
  });

  it("are sent when they differ, numbers as numbers, an empty URL to clear it", () => {
    expect(changed({ topicMembers: "1000", offlineCallback: "" })).toEqual({
      topicMembers: 1_000,
      offlineCallback: "",
    });
    expect(changed({ instantCallback: " https://a.example/i " })).toEqual({
      instantCallback: "https://a.example/i",
    });
  });

  it("that are no numbers go as they are, for the server to refuse", () => {
    for (const text of ["", "many", "1.5", "1e3", "9".repeat(30)]) {
      expect(changed({ maxPayload: text })).toEqual({ maxPayload: text });
    }
    expect(changed({ maxPayload: "-1" })).toEqual({ maxPayload: -1 });
  });
});

describe("the configuration", () => {
  const setting = (key: string, value: unknown, kind: Setting["source"]["kind"]): Setting => ({
    key,
    value,
    source: kind === "default" ? { kind } : { kind, name: "MIMC_X" },
    description: "An address.",
    descriptionZh: "一个地址。",
    isSecret: false,
  });
  const all = [
    setting("http.listen", "127.0.0.1:8080", "default"),
    setting("http.cors_origins", ["https://a.example"], "environment"),
    setting("limits.connections", 5, "file"),
  ];
  const keys = (text: string, onlySet = false) => find(all, text, onlySet).map(({ key }) => key);

  it("is found by key, value, source and meaning in both languages", () => {
    expect(keys("")).toHaveLength(3);
    expect(keys("HTTP")).toEqual(["http.listen", "http.cors_origins"]);
    expect(keys("http a.example")).toEqual(["http.cors_origins"]);
    expect(keys("mimc_x")).toEqual(["http.cors_origins", "limits.connections"]);
    expect(keys("地址")).toHaveLength(3);
    expect(keys("", true)).toEqual(["http.cors_origins", "limits.connections"]);
  });

  it("is written as one would write it", () => {
    expect([null, "", 5, true, ["a", "b"], { a: 1 }].map(written)).toEqual([
      "",
      "",
      "5",
      "true",
      "a, b",
      '{"a":1}',
    ]);
  });
});

describe("the examples", () => {
  const values: samples.Values = {
    origin: "https://im.example.com",
    appId: "2882303761500000001",
    appKey: "5517500000001",
    appSecret: "it's \"a\\ secret$HOME==",
  };

  it("reach a shell's program as they are, whatever the secret", () => {
    const line = samples.curlToken(values).replace("curl -s", "printf '%s\\n'");
    const printed = execFileSync("sh", ["-c", line], { encoding: "utf8" });
    const body = printed.slice(printed.indexOf("{"));
    expect(JSON.parse(body)).toEqual({
      appId: values.appId,
      appKey: values.appKey,
      appSecret: values.appSecret,
      appAccount: "alice",
    });
  });

  it("say where the secret goes when it is not known", () => {
    const unknown = { ...values, appSecret: undefined };
    expect(samples.curlPush(unknown)).toContain(samples.UNKNOWN_SECRET);
    expect(samples.rustClient(unknown)).toContain(samples.UNKNOWN_SECRET);
  });

  it("for what people get never hold the secret", () => {
    for (const text of [
      samples.webPage(values),
      samples.javaClient(values),
      samples.goClient(values),
      samples.cliSend(values),
    ]) {
      expect(text).not.toContain("secret$HOME");
      expect(text).toMatch(/2882303761500000001|im\.example\.com/);
    }
  });
});

describe("a column of figures", () => {
  it("has a newest one, if anything was measured", () => {
    expect(newest([1, 2, null])).toBe(2);
    expect(newest([0, null])).toBe(0);
    expect(newest([null])).toBeNull();
    expect(newest([])).toBeNull();
  });
});
