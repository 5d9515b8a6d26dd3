// What somebody does on the chat page, and sees there. All by role and label, as assistive technology
// would.

import { equal, until } from "./expect.mjs";

export class Person {
  /** `place`: the whole page, or one of its two panes. */
  constructor(page, name, place = page) {
    this.page = page;
    this.name = name;
    this.place = place;
  }

  static async signIn(browser, name, options) {
    const person = new Person(await browser.page(options), name);
    await person.signIn();
    return person;
  }

  button(name) {
    return this.place.getByRole("button", { name, exact: true });
  }

  async signIn() {
    await this.place.getByLabel("Account name").fill(this.name);
    await this.button("Sign in").click();
    await this.place.getByRole("navigation").waitFor();
  }

  async talkTo(other) {
    await this.button("New chat").click();
    const dialog = this.place.getByRole("dialog");
    await dialog.getByLabel("Account name").fill(other);
    await dialog.getByRole("button", { name: "Start" }).click();
    await this.place.getByRole("heading", { name: other }).waitFor();
  }

  async makeGroup(title, members) {
    await this.button("New chat").click();
    const dialog = this.place.getByRole("dialog");
    await dialog.getByRole("button", { name: "Group" }).click();
    await dialog.getByLabel("Group name").fill(title);
    await dialog.getByLabel("Members").fill(members.join(", "));
    await dialog.getByRole("button", { name: "Create" }).click();
    await this.place.getByRole("heading", { name: title }).waitFor();
  }

  /** Something of the menu of a conversation. */
  async choose(action) {
    await this.button("More").click();
    await this.place
      .getByRole("group", { name: "More" })
      .getByRole("button", { name: action, exact: true })
      .click();
  }

  row(title) {
    const has = this.page.getByText(title, { exact: true });
    return this.place.getByRole("navigation").getByRole("listitem").filter({ has });
  }

  async open(title) {
    await this.row(title).getByRole("button").click();
    await this.place.getByRole("heading", { name: title }).waitFor();
  }

  composer() {
    return this.place.getByLabel("Write a message");
  }

  async write(...texts) {
    for (const text of texts) {
      await this.composer().fill(text);
      await this.composer().press("Enter");
    }
  }

  /** The bubbles on the screen, from top to bottom. */
  bubbles() {
    return this.place.locator(".bubble").allInnerTexts();
  }

  /** Waits until these are the last ones, in this order and each once. */
  async sees(...texts) {
    await until(
      async () => (await this.bubbles()).slice(-texts.length).join("\n") === texts.join("\n"),
      async () =>
        `${this.name} sees ${JSON.stringify(await this.bubbles())}, not ${JSON.stringify(texts)}`,
    );
    for (const text of texts) {
      const count = (await this.bubbles()).filter((seen) => seen === text).length;
      equal(
        `${text} on the screen of ${this.name}`,
        count,
        texts.filter((one) => one === text).length,
      );
    }
  }

  /** Waits for the mark of the last of one's own messages: "Sending", "Delivered …" or "Read". */
  async hasMark(label) {
    const marks = this.place.locator(".mark");
    await until(
      async () => (await marks.last().getAttribute("aria-label")) === label,
      async () => `the last mark of ${this.name} is not ${label}`,
    );
  }

  troubles() {
    return this.page.troubles;
  }
}
