// axe-core finds nothing, in both themes, on everything the page can show.

import { check } from "../axe.mjs";
import { equal } from "../expect.mjs";
import { Person } from "../person.mjs";

async function checkAll(browser, server, colorScheme) {
  const name = `una-${colorScheme}`;
  await server.push("vic", name, "hello");
  await server.push("wes", name, "hi there");
  const page = await browser.page({ colorScheme });
  await check("sign-in", page);
  const una = new Person(page, name);
  await una.signIn();
  await check("the list", page);
  await una.open("vic");
  await una.write("an answer");
  await una.hasMark("Delivered to the server");
  await una.choose("Add friend");
  await una.sees("hello", "an answer", "You sent a friend request.");
  await una.button("More").click();
  await check("a menu", page);
  await page.keyboard.press("Escape");
  await una.button("Emoji").click();
  await check("a conversation", page);
  await browser.shoot(page, `17-${colorScheme}`);
  await page.keyboard.press("Escape");
  await una.button("New chat").click();
  await check("a dialog", page);
  await browser.shoot(page, `18-dialog-${colorScheme}`);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Side by side" }).click();
  await check("side by side", page);
  equal("troubles", page.troubles, []);
}

export const stories = {
  "axe finds nothing in the light theme": ({ browser, server }) =>
    checkAll(browser, server, "light"),
  "axe finds nothing in the dark theme": ({ browser, server }) => checkAll(browser, server, "dark"),
};
