// How the console looks: every view that the navigation leads to, in either language and theme, on a
// desk and on a phone. Nothing sticks out, axe-core finds nothing, and each is a screenshot to look at.

import { check } from "../axe.mjs";
import { equal, until } from "../expect.mjs";
import { fits } from "../fits.mjs";
import { Operator } from "../operator.mjs";

const EN = {
  signIn: "Sign in",
  menu: "Menu",
  newApp: "New app",
  moves: "It exists at MIMC and moves here",
  remove: "Delete app",
  newToken: "New token",
};
const ZH = {
  signIn: "登录",
  menu: "菜单",
  newApp: "新建应用",
  moves: "这是要迁入的 MIMC 应用",
  remove: "删除应用",
  newToken: "新建 Token",
};

const DESK = { width: 1280, height: 860 };
const PHONE = { width: 375, height: 740 };

/** Something to be seen, and names that are longer than there is room for. */
async function prepare(server) {
  const { apps } = await server.admin("GET", "/apps");
  if (!apps.some(({ name }) => name.startsWith("山水"))) {
    const name = "山水旅行：一个名字比屏幕还要长的应用，用来看看布局是否仍然整齐";
    await server.admin("POST", "/apps", { name, package: "cn.shanshui.travel.with.a.long.package" });
    await server.admin("POST", "/tokens", { name: "on-call phone", role: "viewer" });
  }
  const topicId = await server.group("amy", "a group to look at", ["ben", "小明"]);
  const { packetId } = await server.push("amy", "ben", "hello");
  const app = `#/apps/${server.app.appId}`;
  // Views that no menu leads to.
  return [
    [`${app}/accounts/amy`, "account"],
    [`${app}/topics/${topicId}`, "group"],
    [`${app}/callbacks/verify`, "verify"],
    [`${app}/trace?id=${packetId}`, "traced"],
    [`#/tools/api?call=pushP2p&app=${server.app.appId}`, "explored"],
    [`#/tools/api?call=changeApp&app=${server.app.appId}`, "explored-admin"],
  ];
}

async function settled(page) {
  await until(
    async () =>
      (await page.locator("main h1").count()) === 1 && (await page.locator(".loading").count()) === 0,
    "the view does not come",
  );
}

function look(say, locale, colorScheme, viewport) {
  return async ({ browser, server }) => {
    const isPhone = viewport === PHONE;
    const kind = `${isPhone ? "phone" : "desk"}-${say === ZH ? "zh" : "en"}-${colorScheme}`;
    const details = await prepare(server);
    const page = await browser.page({ path: "/", locale, colorScheme, viewport });
    const operator = new Operator(page);
    let count = 0;
    const shot = async (what) => {
      count += 1;
      await fits(page, `${what}, ${kind}`);
      await check(`${what}, ${kind}`, page);
      const number = String(count).padStart(2, "0");
      await browser.shoot(page, `console-look-${kind}-${number}-${what}`);
    };
    const visit = async (address) => {
      await operator.go(address);
      await settled(page);
    };
    /** A dialog that a button opens, and Escape closes. */
    const dialog = async (button, what) => {
      await operator.button(button).click();
      await operator.dialog().waitFor();
      await shot(what);
      await page.keyboard.press("Escape");
      await operator.dialog().waitFor({ state: "detached" });
    };

    await operator.button(say.signIn).waitFor();
    await shot("sign-in");
    await page.locator("input[type=password]").fill(await server.adminToken());
    await operator.button(say.signIn).click();
    await settled(page);
    await visit(`#/apps/${server.app.appId}`);
    if (isPhone) {
      await operator.button(say.menu).click();
      await shot("menu");
      await operator.button(say.menu).click();
    }
    const links = page.locator('nav a[href^="#"]');
    const addresses = await links.evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    equal("views", addresses.length >= 7, true);
    for (const address of addresses) {
      await visit(address);
      await shot(address.replace(/\d{5,}/, "app").replace(/[#/]+/g, "-").slice(1) || "overview");
    }

    for (const [address, what] of details) {
      await visit(address);
      await shot(what);
    }

    await visit(`#/apps/${server.app.appId}`);
    await dialog(say.remove, "delete-app");
    await visit("#/tokens");
    await dialog(say.newToken, "new-token");
    await visit("#/apps");
    await operator.button(say.newApp).click();
    await operator.dialog().getByLabel(say.moves).check();
    await shot("move-app");
    await page.keyboard.press("Escape");
    await operator.dialog().waitFor({ state: "detached" });
    await page.keyboard.press("/");
    await operator.dialog().waitFor();
    await shot("palette");
    equal("troubles", page.troubles, []);
  };
}

export const stories = {
  "the console pleases: English, light, on a desk": look(EN, "en-GB", "light", DESK),
  "the console pleases: Chinese, dark, on a desk": look(ZH, "zh-CN", "dark", DESK),
  "the console pleases: English, dark, on a phone": look(EN, "en-GB", "dark", PHONE),
  "the console pleases: Chinese, light, on a phone": look(ZH, "zh-CN", "light", PHONE),
};
