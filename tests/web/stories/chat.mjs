// Two people who chat.

import { equal, until } from "../expect.mjs";
import { Person } from "../person.mjs";

export const stories = {
  async "two pages exchange messages, see them read, and recall"({ browser }) {
    const ann = await Person.signIn(browser, "ann");
    const ben = await Person.signIn(browser, "ben");
    await ann.talkTo("ben");
    await ann.write("Hello Ben 👋", "Are you coming to the picnic?");
    await ann.hasMark("Delivered to the server");
    await ben.row("ann").getByText("2 unread").waitFor({ state: "attached" });
    await browser.shoot(ben.page, "05-unread");
    await ben.open("ann");
    await ben.sees("Hello Ben 👋", "Are you coming to the picnic?");
    await ann.hasMark("Read");
    equal("unread marks", await ben.place.locator(".badge").count(), 0);
    await ben.write("Yes! I will bring 𝄞 music and 🍉");
    await ann.sees(
      "Hello Ben 👋",
      "Are you coming to the picnic?",
      "Yes! I will bring 𝄞 music and 🍉",
    );
    await ann.write("Wrong window, sorry");
    await ben.sees("Wrong window, sorry");
    await ann.place.locator(".message").last().hover();
    await ann.button("Recall").last().click();
    await ben.sees("Message recalled");
    await ann.sees("Message recalled");
    await browser.shoot(ann.page, "06-talk");
    equal("troubles", [...ann.troubles(), ...ben.troubles()], []);
  },

  async "is online, friends, and a composition that does not send"({ browser }) {
    const cat = await Person.signIn(browser, "cat");
    const dan = await Person.signIn(browser, "dan");
    await cat.talkTo("dan");
    await cat.button("Online?").click();
    await cat.button("Online").waitFor();
    await cat.choose("Add friend");
    await dan.open("cat");
    await dan.place.getByText("cat would like to add you").last().waitFor();
    await browser.shoot(dan.page, "07-friend-request");
    await dan.button("Accept").click();
    await cat.sees("You sent a friend request.", "Friend request accepted");
    equal("buttons left", await dan.button("Accept").count(), 0);
    await cat.composer().fill("你好");
    await cat
      .composer()
      .dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true });
    equal("text while composing", await cat.composer().inputValue(), "你好");
    await cat.composer().press("Enter");
    await dan.sees("你好");
    equal("troubles", [...cat.troubles(), ...dan.troubles()], []);
  },

  async "a group, its members, and leaving it"({ browser }) {
    const [eve, fay] = [await Person.signIn(browser, "eve"), await Person.signIn(browser, "fay")];
    await eve.makeGroup("Picnic", ["fay"]);
    await fay.row("Picnic").getByText("eve added you").waitFor();
    await eve.write("Welcome all");
    await fay.open("Picnic");
    await fay.sees("Welcome all");
    await fay.write("Thank you 🎉");
    await eve.sees("Welcome all", "Thank you 🎉");
    await eve.button("2 members").click();
    const dialog = eve.place.getByRole("dialog");
    await dialog.getByLabel("Invite").fill("gus");
    await dialog.getByRole("button", { name: "Invite" }).click();
    await dialog.waitFor({ state: "detached" });
    await fay.place.getByRole("log").getByText("eve added gus").waitFor();
    await fay.button("3 members").waitFor();
    await eve.button("3 members").click();
    await dialog.getByText("gus").waitFor();
    await browser.shoot(eve.page, "08-members");
    await eve.page.keyboard.press("Escape");
    await fay.button("3 members").click();
    await fay.button("Leave group").click();
    await until(async () => (await fay.row("Picnic").count()) === 0, "the group is still there");
    await eve.place.getByRole("log").getByText("fay left the group").waitFor();
    const gus = await Person.signIn(browser, "gus");
    await gus.open("Picnic");
    await eve.button("2 members").click();
    await eve.button("Dismiss group").click();
    await until(async () => (await eve.row("Picnic").count()) === 0, "the group is still there");
    await gus.place.getByText("This group is no more").waitFor();
    equal("a place to write", await gus.composer().count(), 0);
    await browser.shoot(gus.page, "08-dismissed");
    equal("troubles", [...eve.troubles(), ...fay.troubles(), ...gus.troubles()], []);
  },

  async "who is blocked cannot write, is told so, and can again when unblocked"({ browser }) {
    const [lia, moe] = [await Person.signIn(browser, "lia"), await Person.signIn(browser, "moe")];
    await moe.talkTo("lia");
    await moe.write("Buy my coins!");
    await lia.open("moe");
    await lia.sees("Buy my coins!");
    await lia.choose("Block");
    await lia.place.getByText("You blocked moe").waitFor();
    await browser.shoot(lia.page, "19-blocked");
    await moe.write("Still there?");
    await moe.place.getByText("they blocked you").waitFor();
    await browser.shoot(moe.page, "19-refused");
    await lia.page.reload();
    await lia.open("moe");
    await lia.place.getByText("You blocked moe").waitFor();
    await lia.place.getByRole("status").getByRole("button", { name: "Unblock" }).click();
    await lia.place.getByText("You blocked moe").waitFor({ state: "detached" });
    await moe.button("Try again").click();
    await lia.sees("Buy my coins!", "Still there?");
    equal("troubles", [...lia.troubles(), ...moe.troubles()], []);
  },

  async "history and a list that do not load say so, and can be tried again"({
    browser,
    server,
  }) {
    await server.push("nat", "ora", "first");
    await server.push("nat", "ora", "second");
    const page = await browser.page();
    const ora = new Person(page, "ora");
    await page.route("**/api/contact", (route) => route.abort());
    await page.route("**/api/msg/**", (route) => route.abort());
    await ora.signIn();
    await ora.place.getByText("The conversations could not be loaded.").waitFor();
    await browser.shoot(page, "20-no-list");
    await page.unroute("**/api/contact");
    await ora.button("Try again").click();
    await ora.open("nat");
    await ora.place.getByText("Earlier messages could not be loaded.").waitFor();
    await browser.shoot(page, "20-no-history");
    await page.unroute("**/api/msg/**");
    await ora.button("Try again").click();
    await ora.sees("first", "second");
    equal("alerts", await ora.place.getByText("could not be loaded").count(), 0);
    equal("troubles", ora.troubles(), []);
  },

  async "attachments, strange payloads, and history on the way up"({ browser, server }) {
    for (let at = 1; at <= 70; at += 1) {
      await server.push("hal", "ida", `line ${at}`);
    }
    const frame = (more) => JSON.stringify({ version: 0, msgId: "x1", timestamp: "1", ...more });
    await server.push("hal", "ida", frame({ msgType: "STICKER", payload: { pack: 7 } }));
    await server.push(
      "hal",
      "ida",
      frame({ msgType: "TEXT", payload: ["<b>", null], msgId: "x2" }),
    );
    await server.push("hal", "ida", "null");
    await server.push("hal", "ida", "<img src=x onerror=alert(1)>");
    await server.push(
      "hal",
      "ida",
      frame({ msgType: "PIC_FILE", payload: "/chat/icon.svg", msgId: "x3" }),
    );
    const far = { url: "https://files.example.com/p/1.jpg" };
    await server.push("hal", "ida", frame({ msgType: "PIC_FILE", payload: far, msgId: "x4" }));
    await server.push(
      "hal",
      "ida",
      frame({ msgType: "BIN_FILE", payload: "javascript:alert(1)", msgId: "x5" }),
    );
    const ida = await Person.signIn(browser, "ida");
    await ida.open("hal");
    await ida.place.getByText("Load from files.example.com").waitFor();
    equal("strange", (await ida.bubbles()).slice(-7, -3), [
      '{"pack":7}',
      '["<b>",null]',
      "null",
      "<img src=x onerror=alert(1)>",
    ]);
    equal("links to scripts", await ida.place.locator('a[href^="javascript"]').count(), 0);
    equal("images", await ida.place.locator(".bubble img").count(), 1);
    await browser.shoot(ida.page, "09-strange-payloads");
    const log = ida.place.getByRole("log");
    await log.hover();
    await until(async () => {
      await ida.page.mouse.wheel(0, -2000);
      return (await ida.bubbles())[0] === "line 1";
    }, "the first line never came");
    equal("messages", (await ida.bubbles()).length, 77);
    await browser.shoot(ida.page, "10-history");
    await ida.button("Attach by URL").click();
    const dialog = ida.place.getByRole("dialog");
    await dialog.getByLabel("URL").fill("ftp://example.com/a.png");
    await dialog.getByRole("button", { name: "Send" }).click();
    await dialog.getByText("Only https:").waitFor();
    await dialog.getByLabel("URL").fill(`${server.url}/chat/icon.svg`);
    await browser.shoot(ida.page, "11-attach");
    await dialog.getByRole("button", { name: "Send" }).click();
    await until(
      async () => (await ida.place.locator(".mine .bubble img").count()) === 1,
      "no image",
    );
    const attach = async (kind, url) => {
      await ida.button("Attach by URL").click();
      await dialog.getByLabel("Kind").selectOption(kind);
      await dialog.getByLabel("URL").fill(url);
      await dialog.getByRole("button", { name: "Send" }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await attach("Audio", `${server.url}/chat/icon.svg`);
    await ida.place.locator(".mine .bubble audio").waitFor();
    await attach("Audio", "https://files.example.com/a/song.ogg");
    await ida.place.getByText("Audio: song.ogg").waitFor();
    await attach("File", "https://files.example.com/p/plan.pdf?version=2");
    const link = ida.place.locator(".mine .bubble").getByRole("link", { name: "plan.pdf" });
    equal("address", await link.getAttribute("href"), "https://files.example.com/p/plan.pdf?version=2");
    equal("troubles", ida.troubles(), []);
  },

  async "side by side, with the keyboard only"({ browser }) {
    const page = await browser.page();
    await page.getByRole("button", { name: "Side by side" }).click();
    const [left, right] = ["jan", "kim"].map(
      (name, at) => new Person(page, name, page.locator(".pane").nth(at)),
    );
    await left.signIn();
    await right.signIn();
    await left.button("New chat").focus();
    await page.keyboard.press("Enter");
    const field = left.place.getByRole("dialog").getByLabel("Account name");
    await until(async () => {
      await page.keyboard.press("Tab");
      return field.evaluate((element) => element === document.activeElement);
    }, "Tab never gets to the field");
    await page.keyboard.type("kim");
    await page.keyboard.press("Enter");
    await left.place.getByRole("heading", { name: "kim" }).waitFor();
    await until(
      () => left.composer().evaluate((area) => area === document.activeElement),
      "the composer has no focus",
    );
    await page.keyboard.type("Typed without a mouse");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await left.place.getByRole("group", { name: "Emoji" }).waitFor();
    await browser.shoot(page, "12-emoji");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await left.sees("Typed without a mouse😀");
    await right.row("jan").getByRole("button").focus();
    await page.keyboard.press("Enter");
    await right.sees("Typed without a mouse😀");
    await until(
      () => right.composer().evaluate((area) => area === document.activeElement),
      "the composer has no focus",
    );
    await page.keyboard.type("Nice");
    await page.keyboard.press("Enter");
    await left.sees("Typed without a mouse😀", "Nice");
    await browser.shoot(page, "13-side-by-side");
    equal("troubles", page.troubles, []);
  },
};
