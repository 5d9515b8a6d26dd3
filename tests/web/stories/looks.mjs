// How the page looks in either language and theme, on a desk and on a phone: nothing sticks out,
// axe-core finds nothing, and each state is a screenshot to look at.

import { check } from "../axe.mjs";
import { equal, until } from "../expect.mjs";
import { fits } from "../fits.mjs";

const EN = {
  account: "Account name",
  signIn: "Sign in",
  newChat: "New chat",
  group: "Group",
  members: "4 members",
  more: "More",
  block: "Block",
  blocked: "You blocked",
  attach: "Attach by URL",
  emoji: "Emoji",
  back: "Back to conversations",
  unread: "3 unread",
  badName: "no comma",
};
const ZH = {
  account: "账号名",
  signIn: "登录",
  newChat: "新会话",
  group: "群聊",
  members: "4 位成员",
  more: "更多",
  block: "拉黑",
  blocked: "你已拉黑",
  attach: "以链接发送附件",
  emoji: "表情",
  back: "返回会话列表",
  unread: "3 条未读",
  badName: "不含逗号",
};

const DESK = { width: 1180, height: 760 };
const PHONE = { width: 375, height: 700 };

/** A name that is longer than there is room for. */
const LONG = "a-colleague-with-a-very-long-account-name-indeed@example.com";

function frame(msgType, payload, msgId) {
  return JSON.stringify({ version: 0, msgId, msgType, timestamp: "1", payload });
}

/** What waits for `name` before anybody looks. */
async function prepare(server, name) {
  await server.push(LONG, name, "Did you see the mail?");
  await server.push("zoe", name, "午饭吃什么？");
  await server.push("zoe", name, "要不要去新开的那家？🍜");
  await server.push("zoe", name, frame("TEXT", "12 点楼下见，别忘了带伞 ☔", "t1"));
  const topicId = await server.group("zoe", "Product launch 产品发布", [name, "yan", LONG]);
  await server.pushToGroup("zoe", topicId, "The slides are ready for review.");
  await server.pushToGroup("yan", topicId, "https://files.example.com/a/rather/long/address/that/does/not/fit/into/one/line.html");
  await server.pushToGroup(LONG, topicId, frame("PIC_FILE", { url: "https://files.example.com/1.jpg" }, "i1"));
  await server.pushToGroup("zoe", topicId, frame("GROUP_MEMBERS_ADDED", { added: [name] }, "g1"));
  await server.pushToGroup("zoe", topicId, frame("BIN_FILE", { url: "https://files.example.com/p.pdf", name: "plan.pdf" }, "b1"));
}

function look(say, locale, colorScheme, viewport) {
  return async ({ browser, server }) => {
    const isPhone = viewport === PHONE;
    const kind = `${isPhone ? "phone" : "desk"}-${say === ZH ? "zh" : "en"}-${colorScheme}`;
    const name = `uma-${kind}`;
    await prepare(server, name);
    const page = await browser.page({ locale, colorScheme, viewport });
    const button = (label) => page.getByRole("button", { name: label, exact: true });
    let count = 0;
    const shot = async (what) => {
      count += 1;
      await fits(page, `${what}, ${kind}`);
      await check(`${what}, ${kind}`, page);
      await browser.shoot(page, `look-${kind}-${String(count).padStart(2, "0")}-${what}`);
    };

    await button(say.signIn).waitFor();
    await shot("sign-in");
    await page.getByLabel(say.account).fill("a,b");
    await button(say.signIn).click();
    await page.getByText(say.badName).waitFor();
    await shot("sign-in-refused");
    await page.getByLabel(say.account).fill(name);
    await button(say.signIn).click();
    await page.getByText(say.unread).waitFor({ state: "attached" });
    await shot("unread");
    await button(say.newChat).click();
    await shot("new-chat");
    await page.getByRole("dialog").getByRole("button", { name: say.group, exact: true }).click();
    await shot("new-group");
    await page.keyboard.press("Escape");

    const list = page.getByRole("navigation");
    await list.getByText("zoe", { exact: true }).click();
    await page.getByRole("log").getByText("午饭吃什么").waitFor();
    await button(say.more).click();
    await shot("menu");
    await button(say.block).click();
    await page.getByText(say.blocked).waitFor();
    await shot("blocked");
    await button(say.emoji).click();
    await shot("emoji");
    await page.keyboard.press("Escape");
    await button(say.attach).click();
    await shot("attach");
    await page.keyboard.press("Escape");

    if (isPhone) {
      await page.getByRole("button", { name: say.back }).click();
    }
    await list.getByText("Product launch").first().click();
    await page.getByRole("log").getByText("plan.pdf").waitFor();
    await button(say.members).waitFor();
    await shot("group");
    await button(say.members).click();
    await shot("members");
    await page.keyboard.press("Escape");
    await server.kill();
    await page.getByRole("status").filter({ hasText: /…/ }).waitFor();
    await shot("reconnecting");
    await server.restart();
    await until(
      async () => (await page.locator(".banner").count()) === 0,
      "the page does not come back",
    );
    equal("troubles", page.troubles, []);
  };
}

export const stories = {
  "the page pleases: English, light, on a desk": look(EN, "en-GB", "light", DESK),
  "the page pleases: Chinese, dark, on a desk": look(ZH, "zh-CN", "dark", DESK),
  "the page pleases: English, dark, on a phone": look(EN, "en-GB", "dark", PHONE),
  "the page pleases: Chinese, light, on a phone": look(ZH, "zh-CN", "light", PHONE),
};
