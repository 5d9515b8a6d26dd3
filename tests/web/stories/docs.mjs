// The pages of the web SDK and of administration under /docs, in both languages and themes, on a desk and on a phone.

import { check } from "../axe.mjs";
import { equal } from "../expect.mjs";
import { fits } from "../fits.mjs";

const DESK = { width: 1180, height: 900 };
const PHONE = { width: 375, height: 700 };

function look(language, colorScheme, viewport) {
  return async ({ browser }) => {
    const kind = `${viewport === PHONE ? "phone" : "desk"}-${language}-${colorScheme}`;
    const page = await browser.page({ path: `/docs/${language}/web-sdk`, colorScheme, viewport });
    const see = async (what) => {
      await fits(page, `${what}, ${kind}`);
      await check(`${what}, ${kind}`, page);
      await browser.shoot(page, `docs-${kind}-${what}`);
    };
    await see("guide");
    const pages = page.getByRole("navigation").nth(1);
    await pages.getByRole("link", { name: /^Web SDK (reference|参考)$/ }).click();
    await page.getByRole("heading", { level: 1, name: /^Web SDK (reference|参考)$/ }).waitFor();
    await see("contents");
    await page.getByRole("main").getByRole("link", { name: "sendToTopic", exact: true }).click();
    await page.locator("[id='Client.sendToTopic']:target").waitFor();
    await browser.shoot(page, `docs-${kind}-method`);
    await page.locator("[id='Client.sendToTopic'] + pre").getByRole("link", { name: "SendOptions" }).click();
    await page.locator("#SendOptions:target").waitFor();
    await browser.shoot(page, `docs-${kind}-type`);
    equal("troubles", page.troubles, []);
  };
}

function lookAtAdministration(language, colorScheme, viewport) {
  return async ({ browser }) => {
    const kind = `${viewport === PHONE ? "phone" : "desk"}-${language}-${colorScheme}`;
    const page = await browser.page({ path: `/docs/${language}`, colorScheme, viewport });
    const see = async (what) => {
      await fits(page, `${what}, ${kind}`);
      await check(`${what}, ${kind}`, page);
      await browser.shoot(page, `docs-${kind}-${what}`);
    };
    await see("index");
    const main = page.getByRole("main");
    await main.getByRole("link", { name: /^(Administration|管理指南)$/ }).click();
    await page.getByRole("heading", { level: 1, name: /^(Administration|管理指南)$/ }).waitFor();
    await see("administration");
    await main.getByRole("link", { name: /^(admin API reference|管理接口参考)$/ }).first().click();
    await page.getByRole("heading", { level: 1, name: /^(Admin API reference|管理接口参考)$/ }).waitFor();
    await see("admin-contents");
    await main.getByRole("link", { name: /^(Changes settings of an app|修改应用设置)$/ }).click();
    await page.locator("#changeApp:target").waitFor();
    await browser.shoot(page, `docs-${kind}-admin-route`);
    await main.getByRole("link", { name: "422" }).first().click();
    await page.locator("#error-422:target").waitFor();
    await browser.shoot(page, `docs-${kind}-admin-errors`);
    equal("troubles", page.troubles, []);
  };
}

export const stories = {
  "the web SDK's pages in English, light, on a desk": look("en", "light", DESK),
  "the web SDK's pages in Chinese, dark, on a desk": look("zh", "dark", DESK),
  "the web SDK's pages in English, dark, on a phone": look("en", "dark", PHONE),
  "the web SDK's pages in Chinese, light, on a phone": look("zh", "light", PHONE),
  "administration's pages in English, light, on a desk": lookAtAdministration("en", "light", DESK),
  "administration's pages in Chinese, dark, on a phone": lookAtAdministration("zh", "dark", PHONE),
};
