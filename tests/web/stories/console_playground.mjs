// The tools of the console: tokens, frames, two accounts, the API.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { equal, until } from "../expect.mjs";
import { Operator } from "../operator.mjs";

export const stories = {
  async "a token is minted and explained, and a broken one, too"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/tools/tokens" });
    await operator.main.getByLabel("App").selectOption(server.app.appId);
    await operator.main.getByLabel("Account").fill("token-tina");
    await operator.button("Mint").click();
    const token = operator.main.getByLabel("Token", { exact: true });
    await until(async () => (await token.inputValue()) !== "", "there is no token");
    await operator.button("Explain").click();
    await operator.main.getByText("Valid", { exact: true }).waitFor();
    await operator.main.getByRole("link", { name: "token-tina" }).waitFor();
    await browser.shoot(operator.page, "console-30-token");
    const text = await token.inputValue();
    await token.fill(`${text.slice(0, -2)}AA`);
    await operator.button("Explain").click();
    await operator.main.getByText("Refused", { exact: true }).waitFor();
    await browser.shoot(operator.page, "console-31-broken-token");
    operator.isUntroubled();
  },

  async "frames of a connection are decoded, and wrong bytes are pointed at"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/tools/frames" });
    await operator.button("Show an example").click();
    const frames = operator.main.locator(".frame");
    await until(async () => (await frames.count()) === 4, "the example has four frames");
    await frames.nth(2).getByText("tok-ABC").waitFor();
    await browser.shoot(operator.page, "console-32-frames");

    const vectors = JSON.parse(
      await readFile(new URL("../../../proto/vectors.json", import.meta.url), "utf8"),
    );
    const { value } = vectors.vectors.find(({ name }) => name.startsWith("T1 "));
    const input = operator.main.getByLabel("Frames");
    await input.fill(`${value.slice(0, -1)}0`);
    await operator.main.getByText(/^At byte \d+: the checksum should be/).first().waitFor();
    await input.fill("c2fe §");
    await operator.sees("This is neither hex nor base64: §");
    await browser.shoot(operator.page, "console-33-wrong-bytes");
    operator.isUntroubled();
  },

  async "two accounts write to each other"({ browser, server }) {
    const { appId } = server.app;
    const path = `/#/tools/chat?app=${appId}`;
    const operator = await Operator.signIn(browser, server, { path });
    const side = (name) => operator.main.getByRole("region", { name, exact: true });
    for (const name of ["One", "Other"]) {
      await side(name).getByRole("button", { name: "Sign in" }).click();
      await side(name).getByText("Online").waitFor();
    }
    const say = async (name, to, text) => {
      await side(name).getByLabel(`To ${to}`).fill(text);
      await side(name).getByRole("button", { name: "Send" }).click();
    };
    await say("One", "bob", "hello 你好 👋");
    await side("Other").getByText("hello 你好 👋").waitFor();
    await side("One").getByText(/stored, acknowledged after/).waitFor();
    await say("Other", "alice", "hello yourself");
    await side("One").getByText("hello yourself").waitFor();
    await browser.shoot(operator.page, "console-34-two-accounts");
    operator.isUntroubled();
  },

  async "a request is sent from the explorer, and copied as curl"({ browser, server }) {
    const { appId, appSecret } = server.app;
    const path = `/#/tools/api?call=pushP2p&app=${appId}`;
    const operator = await Operator.signIn(browser, server, { path });
    await operator.heading("A message to an account").waitFor();
    await operator.main.getByLabel("appSecret").fill(appSecret);
    await operator.button("Send the request").click();
    await operator.main.getByText("HTTP 200").waitFor();
    await operator.main.getByText(/"message": "success"/).waitFor();
    await operator.main.getByText(/^curl -s/).waitFor();
    await browser.shoot(operator.page, "console-35-explorer");

    await operator.main.getByLabel("Search").fill("recent contacts");
    await operator.main.getByRole("button", { name: /Recent contacts/ }).click();
    await operator.heading("Recent contacts").waitFor();
    await operator.button("Send the request").click();
    await operator.main.getByText("HTTP 200").waitFor();
    await operator.main.getByText(/"code": 200/).waitFor();
    operator.isUntroubled();
  },

  async "an admin request is sent by the session, and its curl line works when it is pasted"({
    browser,
    server,
  }) {
    const path = `/#/tools/api?api=admin&app=${server.app.appId}`;
    const operator = await Operator.signIn(browser, server, { path });
    await operator.main.getByRole("button", { name: /A token for an account/ }).click();
    await operator.heading("A token for an account").waitFor();
    await operator.main.getByRole("textbox", { name: "Body" }).fill('{"account": "小明\'s"}');
    await operator.button("Send the request").click();
    await operator.main.getByText("HTTP 200", { exact: true }).waitFor();
    await operator.main.getByText(/"appAccount": "小明's"/).waitFor();
    await browser.shoot(operator.page, "console-36-explored-admin");

    const line = await operator.main.getByText(/^curl -s/).innerText();
    equal("the session's proof is in it", /csrf/i.test(line), false);
    const env = { ...process.env, MIMC_ADMIN_TOKEN: await server.adminToken() };
    const { stdout } = await promisify(execFile)("sh", ["-c", line], { env });
    equal("answered", JSON.parse(stdout).data.appAccount, "小明's");

    await operator.main.getByLabel("Search").fill("link into the console");
    await operator.main.getByRole("button", { name: /A link into the console/ }).click();
    await operator.sees("A session is not enough for this: run the line below with an admin token.");
    equal("it can be sent", await operator.button("Send the request").isEnabled(), false);
    operator.isUntroubled();
  },

  async "a viewer explores the admin API, and is told what needs an admin"({ browser, server }) {
    const { token } = await server.admin("POST", "/tokens", { role: "viewer", name: "explorer" });
    const path = "/#/tools/api?call=listApps";
    const operator = await Operator.signIn(browser, server, { path, token, locale: "zh-CN" });
    await operator.heading("应用列表").waitFor();
    await operator.button("发送请求").click();
    await operator.main.getByText("HTTP 200").waitFor();
    equal("secrets", await operator.main.getByText("callbackSecret").count(), 0);

    await operator.main.getByRole("button", { name: /更换应用密钥/ }).click();
    await operator.sees("此请求需要管理员角色，而你以只读角色登录。");
    equal("it can be sent", await operator.button("发送请求").isEnabled(), false);
    await operator.main.getByText(/^curl -s -X POST .*rotate-secret/).waitFor();
    await browser.shoot(operator.page, "console-37-explored-as-viewer");

    // By keyboard to the other API, whose requests come instead.
    await operator.button("应用").focus();
    await operator.page.keyboard.press("Enter");
    await operator.main.getByRole("button", { name: /向账号推送消息/ }).waitFor();
    equal("admin requests", await operator.main.getByRole("button", { name: /应用列表/ }).count(), 0);
    operator.isUntroubled();
  },
};
