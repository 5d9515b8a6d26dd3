// The pages of the web SDK under /docs, in both languages and themes, on a desk and on a phone.

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

export const stories = {
  "the web SDK's pages in English, light, on a desk": look("en", "light", DESK),
  "the web SDK's pages in Chinese, dark, on a desk": look("zh", "dark", DESK),
  "the web SDK's pages in English, dark, on a phone": look("en", "dark", PHONE),
  "the web SDK's pages in Chinese, light, on a phone": look("zh", "light", PHONE),
};
