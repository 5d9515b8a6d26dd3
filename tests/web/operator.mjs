// What somebody does in the console, and sees there. All by role and label, as assistive technology
// would.

import { equal } from "./expect.mjs";

export class Operator {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole("main");
  }

  /** Signed in with the admin token, or with another one. */
  static async signIn(browser, server, { token, path = "/", ...options } = {}) {
    const operator = new Operator(await browser.page({ url: server.url, path, ...options }));
    await operator.enter(token ?? (await server.adminToken()));
    return operator;
  }

  async enter(token) {
    await this.page.getByLabel(/Admin token|管理 Token/).fill(token);
    await this.button(/^(Sign in|登录)$/).click();
    await this.page.getByRole("navigation").first().waitFor();
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  heading(name) {
    return this.main.getByRole("heading", { name, exact: true });
  }

  dialog() {
    return this.page.getByRole("dialog");
  }

  /** The button of the dialog that is open. */
  async confirm(name) {
    await this.dialog().getByRole("button", { name, exact: true }).click();
  }

  async go(address) {
    await this.page.evaluate((address) => {
      location.hash = address;
    }, address);
  }

  async sees(text) {
    await this.page.getByText(text).first().waitFor();
  }

  /** A value as it stands beside its name. */
  async value(place, name) {
    const row = place.locator("dt", { hasText: new RegExp(`^${name}$`) });
    return (await row.locator("+ dd code").innerText()).trim();
  }

  address() {
    return this.page.evaluate(() => location.hash);
  }

  /** The page's own request, as a script on it would make it. */
  fetch(method, path, headers = {}, body = undefined) {
    return this.page.evaluate(
      async ([method, path, headers, body]) => {
        const answer = await fetch(`/admin/v1${path}`, {
          method,
          headers,
          body: body && JSON.stringify(body),
        });
        const text = await answer.text();
        return { status: answer.status, json: text === "" ? undefined : JSON.parse(text) };
      },
      [method, path, headers, body],
    );
  }

  isUntroubled() {
    equal("troubles", this.page.troubles, []);
  }
}
