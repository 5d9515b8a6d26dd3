// What the page is before anybody has written a word.

import { equal } from "../expect.mjs";
import { Person } from "../person.mjs";
import { start as startServer } from "../server.mjs";

export const stories = {
  async "the page and the SDK are served with types, tags and a strict policy"({ server }) {
    for (const [path, type] of [
      ["/chat", "text/html"],
      ["/chat/", "text/html"],
      ["/chat/chat.js", "text/javascript"],
      ["/chat/chat.css", "text/css"],
      ["/chat/icon.svg", "image/svg+xml"],
      ["/mimc-min_1_0_0.js", "text/javascript"],
      ["/sdk/mimc-min_1_0_3.js", "text/javascript"],
      ["/sdk/openmimc.mjs", "text/javascript"],
    ]) {
      const reply = await fetch(server.url + path);
      equal(`status of ${path}`, reply.status, 200);
      equal(`type of ${path}`, reply.headers.get("content-type").split(";")[0], type);
      equal(`nosniff of ${path}`, reply.headers.get("x-content-type-options"), "nosniff");
      const tag = { "If-None-Match": reply.headers.get("etag") };
      equal(
        `status of ${path} again`,
        (await fetch(server.url + path, { headers: tag })).status,
        304,
      );
      const policy = reply.headers.get("content-security-policy") ?? "";
      equal(`unsafe in the policy of ${path}`, policy.includes("unsafe"), false);
    }
  },

  async "pages of every origin may load the SDK"({ server }) {
    for (const path of ["/sdk/openmimc.mjs", "/sdk/mimc-min_1_0_0.js", "/mimc-min_1_0_2.js"]) {
      const { headers } = await fetch(server.url + path);
      equal(`who may load ${path}`, headers.get("access-control-allow-origin"), "*");
    }
  },

  async "without --dev the page says why nobody can sign in"({ browser }) {
    const server = await startServer({ isDev: false });
    try {
      const page = await browser.page({ url: server.url });
      await page.getByLabel("Account name").fill("ann");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByText("only on a server started with --dev").waitFor();
      await browser.shoot(page, "01-not-dev");
    } finally {
      await server.remove();
    }
  },

  async "a name that cannot be is refused in words"({ browser }) {
    const page = await browser.page();
    await browser.shoot(page, "02-sign-in");
    await page.getByLabel("Account name").fill("a,b");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("no comma").waitFor();
  },

  async "Chinese, dark, and on a phone"({ browser, server }) {
    await server.push("小明", "小红", "周末一起去爬山吗？🏔");
    const phone = { viewport: { width: 375, height: 700 }, locale: "zh-CN", colorScheme: "dark" };
    const page = await browser.page(phone);
    equal("language", await page.evaluate(() => document.documentElement.lang), "zh-CN");
    await page.getByLabel("账号名").fill("小红");
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByRole("navigation").getByText("爬山").waitFor();
    await browser.shoot(page, "03-phone-list-zh-dark");
    await page.getByRole("navigation").getByText("爬山").click();
    await page.getByLabel("输入消息").fill("好啊！几点出发？");
    await page.getByRole("button", { name: "发送", exact: true }).click();
    await page.locator('[data-state="sent"].mine').waitFor();
    await browser.shoot(page, "04-phone-talk-zh-dark");
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    equal("width of the page", width, 375);
    equal("troubles", page.troubles, []);
  },

  async "a reload comes back to the same account"({ browser }) {
    const ann = await Person.signIn(browser, "reloading");
    await ann.page.reload();
    await ann.place.getByRole("navigation").getByText("reloading").waitFor();
  },
};
