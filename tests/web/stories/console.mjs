// The console: signing in, apps and their keys, who may do what.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { equal, until } from "../expect.mjs";
import { Operator } from "../operator.mjs";
import { start as startServer } from "../server.mjs";

const run = promisify(execFile);

/** An app that only this story knows. */
async function makeApp(server, name) {
  return server.admin("POST", "/apps", { name, package: "com.example.story" });
}

export const stories = {
  async "the console is served with a policy that allows nothing but itself"({ server }) {
    const page = await fetch(`${server.url}/`);
    const policy = page.headers.get("content-security-policy");
    equal("policy", /^default-src 'none'; script-src 'self'; style-src 'self';/.test(policy), true);
    equal("unsafe", /unsafe|https?:/.test(policy), false);
    equal("nosniff", page.headers.get("x-content-type-options"), "nosniff");
    for (const name of ["console.js", "console.css", "icon.svg"]) {
      equal(name, (await fetch(`${server.url}/console/${name}`)).status, 200);
    }
    equal("another", (await fetch(`${server.url}/console/no.js`)).status, 404);
  },

  async "the first sign-in is by the link that the server prints, which works once"({ browser }) {
    const server = await startServer();
    try {
      const link = server.consoleUrl().slice(server.url.length);
      const operator = new Operator(await browser.page({ url: server.url, path: link }));
      await operator.heading("Overview").waitFor();
      equal("address", await operator.address(), "#/");
      await operator.page.reload();
      await operator.heading("Overview").waitFor();
      await browser.shoot(operator.page, "console-01-first-visit");
      operator.isUntroubled();

      const second = new Operator(await browser.page({ url: server.url, path: link }));
      await second.sees("This sign-in link is not valid");
      equal("address", await second.address(), "#/");
      await browser.shoot(second.page, "console-02-used-link");
      await second.enter(await server.adminToken());
      await second.heading("Overview").waitFor();
    } finally {
      await server.remove();
    }
  },

  async "a wrong token is refused in words, and signing out ends the session"({ browser, server }) {
    const page = await browser.page({ path: "/" });
    const operator = new Operator(page);
    await page.getByLabel("Admin token").fill("wrong");
    await operator.button("Sign in").click();
    await operator.sees("This is no admin token of this server.");
    await operator.enter(await server.adminToken());
    await operator.button("Sign out").click();
    await page.getByLabel("Admin token").waitFor();
    equal("session", (await operator.fetch("GET", "/session")).status, 401);
    await page.reload();
    await page.getByLabel("Admin token").waitFor();
  },

  async "a new app's keys work with curl"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/apps" });
    await operator.button("New app").click();
    const dialog = operator.dialog();
    await dialog.getByLabel("Name").fill("   ");
    await dialog.getByLabel("Package").fill("com.example.curl");
    await operator.confirm("Create app");
    await dialog.getByText("must not be empty").waitFor();
    await browser.shoot(operator.page, "console-03-new-app-refused");
    await dialog.getByLabel("Name").fill("Curl & co");
    await operator.confirm("Create app");
    await operator.sees("The appSecret is shown this once.");
    await browser.shoot(operator.page, "console-04-keys");
    const [appId, appKey, appSecret] = await Promise.all(
      ["appId", "appKey", "appSecret"].map((name) => operator.value(dialog, name)),
    );
    await operator.confirm("I have kept it");
    await operator.main.getByRole("link", { name: "Curl & co" }).click();
    await operator.heading("Settings").waitFor();
    equal("appId of the settings", await operator.value(operator.main, "appId"), appId);
    equal("secret on the page", (await operator.main.innerText()).includes(appSecret), false);

    await operator.main.getByRole("link", { name: "Quick start" }).click();
    const lines = operator.main.locator("pre code");
    await lines.first().waitFor();
    for (const line of await lines.allInnerTexts()) {
      equal("the line has the keys", line.includes(appKey) && line.includes(appSecret), true);
      const { stdout } = await run("sh", ["-c", line]);
      const answer = JSON.parse(stdout);
      equal(stdout, [answer.code, answer.message], [200, "success"]);
    }
    await browser.shoot(operator.page, "console-05-quick-start");
    operator.isUntroubled();
  },

  async "an app that moves here keeps its credentials, and none can be taken twice"({
    browser,
    server,
  }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/apps" });
    const move = async (name, appKey) => {
      await operator.button("New app").click();
      const dialog = operator.dialog();
      await dialog.getByLabel("Name").fill(name);
      await dialog.getByLabel("Package").fill("com.example.moved");
      await dialog.getByLabel("It exists at MIMC and moves here").check();
      await dialog.getByLabel("appId").fill("2882303761517613988");
      await dialog.getByLabel("appKey").fill(appKey);
      await dialog.getByLabel("appSecret").fill("MDEyMzQ1Njc4OWFiY2RlZg==");
      await operator.confirm("Create app");
      return dialog;
    };
    const dialog = await move("Moved", "5361761377988");
    await operator.sees("The appSecret is shown this once.");
    equal("appId", await operator.value(dialog, "appId"), "2882303761517613988");
    equal("appSecret", await operator.value(dialog, "appSecret"), "MDEyMzQ1Njc4OWFiY2RlZg==");
    await operator.confirm("I have kept it");
    await move("Moved again", "5361761377989");
    await operator.sees("another app has this appId or appKey");
    await browser.shoot(operator.page, "console-06-taken");
  },

  async "a bad URL is said beside its field, and good settings are kept"({ browser, server }) {
    const app = await makeApp(server, "Settings story");
    const path = `/#/apps/${app.appId}`;
    const operator = await Operator.signIn(browser, server, { path });
    const url = operator.main.getByLabel("Offline callback URL");
    const save = operator.button("Save changes");
    await url.fill("not a url");
    await save.click();
    const error = operator.main.locator(".field").filter({ has: operator.page.getByLabel("Offline callback URL") }).getByRole("alert");
    await error.waitFor();
    equal("the field is marked", await url.getAttribute("aria-invalid"), "true");
    await browser.shoot(operator.page, "console-07-bad-url");
    await url.fill("https://app.example.com/offline");
    await operator.main.getByLabel("Members of a group").fill("100001");
    await save.click();
    await operator.sees("must be from 1 to 100000");
    await operator.main.getByLabel("Members of a group").fill("2000");
    await operator.main.getByLabel("Lifetime of accounts").fill("604800");
    await operator.sees("seconds = 7 d");
    await save.click();
    await operator.sees("Saved");
    equal("nothing more to save", await save.isDisabled(), true);
    await operator.page.reload();
    await url.waitFor();
    equal("URL", await url.inputValue(), "https://app.example.com/offline");
    const { settings } = await server.admin("GET", `/apps/${app.appId}`);
    equal("kept", [settings.topicMembers, settings.accountTtl], [2_000, 604_800]);
    operator.isUntroubled();
  },

  async "an app is banned, gets a new secret, and is deleted only when its name is typed"({
    browser,
    server,
  }) {
    const app = await makeApp(server, "Short-lived");
    const operator = await Operator.signIn(browser, server, { path: `/#/apps/${app.appId}` });
    await operator.button("Ban app").click();
    await operator.confirm("Ban app");
    await operator.sees("This app is banned");
    equal("banned", (await server.admin("GET", `/apps/${app.appId}`)).banned, true);
    await operator.button("Unban app").click();
    await operator.sees("Unbanned");

    await operator.button("New appSecret").click();
    await operator.confirm("Make a new secret");
    await operator.sees("Keys of Short-lived");
    const secret = await operator.value(operator.dialog(), "appSecret");
    equal("another secret", secret === app.appSecret, false);
    await operator.confirm("I have kept it");

    await operator.button("Delete app").click();
    const remove = operator.dialog().getByRole("button", { name: "Delete app" });
    equal("not yet", await remove.isDisabled(), true);
    await browser.shoot(operator.page, "console-08-delete");
    await operator.dialog().getByLabel("Type Short-lived to confirm").fill("Short-lived");
    await remove.click();
    await operator.heading("Apps").waitFor();
    equal("rows", await operator.main.getByRole("link", { name: "Short-lived" }).count(), 0);
    const { apps } = await server.admin("GET", "/apps");
    equal("gone", apps.some(({ appId }) => appId === app.appId), false);
    operator.isUntroubled();
  },

  async "a viewer sees everything and cannot change anything"({ browser, server }) {
    const { token } = await server.admin("POST", "/tokens", { name: "looker", role: "viewer" });
    const { appId } = server.app;
    const operator = await Operator.signIn(browser, server, { token, path: "/#/apps" });
    await operator.sees("Viewer, read only");
    await operator.main.getByRole("link", { name: "demo" }).waitFor();
    equal("make an app", await operator.button("New app").count(), 0);

    await operator.go(`#/apps/${appId}`);
    await operator.sees("Lifetime of accounts");
    equal("fields", await operator.main.getByRole("textbox").count(), 0);
    equal("callback secret", await operator.main.getByText("callbackSecret").count(), 0);
    for (const name of ["Save changes", "New appSecret", "Ban app", "Delete app"]) {
      equal(name, await operator.button(name).count(), 0);
    }
    await browser.shoot(operator.page, "console-09-viewer");
    await operator.go("#/tokens");
    await operator.sees("looker");
    equal("make a token", await operator.button("New token").count(), 0);
    equal("revoke", await operator.main.getByRole("button", { name: /Revoke/ }).count(), 0);

    const { json: session } = await operator.fetch("GET", "/session");
    const headers = { "X-Mimc-Csrf": session.csrf };
    for (const [method, path, body] of [
      ["POST", "/apps", { name: "n", package: "p" }],
      ["PATCH", `/apps/${appId}`, { topicMembers: 5 }],
      ["POST", `/apps/${appId}/ban`, {}],
      ["DELETE", `/apps/${appId}`],
      ["POST", "/tokens", { role: "admin" }],
    ]) {
      const { status, json } = await operator.fetch(method, path, headers, body);
      equal(`${method} ${path}`, [status, json.error.code], [403, "forbidden"]);
    }
    operator.isUntroubled();
  },

  async "a token is shown once, works, and its sessions end when it is revoked"({
    browser,
    server,
  }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/tokens" });
    await operator.button("New token").click();
    await operator.dialog().getByLabel("Name").fill("night shift");
    await browser.shoot(operator.page, "console-10-new-token");
    await operator.confirm("Create token");
    await operator.sees("It is shown this once.");
    const token = (await operator.dialog().locator("code").innerText()).trim();
    await operator.confirm("I have kept it");
    await operator.main.getByRole("row").filter({ hasText: "night shift" }).waitFor();

    const other = await Operator.signIn(browser, server, { token, path: "/#/apps" });
    await other.sees("Viewer, read only");
    await operator.button("Revoke night shift").click();
    await operator.confirm("Revoke");
    await operator.sees("Revoked");
    await other.go("#/tokens");
    await other.sees("Your session has ended.");
    await other.enter(await server.adminToken());
    await other.heading("Admin tokens").waitFor();
    operator.isUntroubled();
  },

  async "a session that ends leads to the sign-in, and back to where one was"({ browser }) {
    const server = await startServer();
    try {
      const { appId } = server.app;
      const operator = await Operator.signIn(browser, server, { path: `/#/apps/${appId}` });
      await operator.heading("Settings").waitFor();
      await operator.go("#/apps");
      await operator.main.getByRole("link", { name: "demo" }).waitFor();
      await server.kill();
      await operator.go(`#/apps/${appId}`);
      await operator.sees("The server does not answer.");
      await browser.shoot(operator.page, "console-11-unreachable");
      // Sessions are in memory only.
      await server.restart();
      await operator.button("Try again").click();
      await operator.sees("Your session has ended. Sign in to go on where you were.");
      await browser.shoot(operator.page, "console-12-session-ended");
      await operator.enter(await server.adminToken());
      await operator.heading("Settings").waitFor();
      equal("address", await operator.address(), `#/apps/${appId}`);
    } finally {
      await server.remove();
    }
  },

  async "what another page asks for with the cookie is refused"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/apps" });
    const cookies = await operator.page.context().cookies(`${server.url}/admin/v1/apps`);
    const cookie = cookies.find(({ name }) => name === "mimc_console");
    equal("cookie", [cookie.httpOnly, cookie.sameSite, cookie.path], [true, "Strict", "/admin"]);
    equal("scripts see it", await operator.page.evaluate(() => document.cookie), "");

    const { json: session } = await operator.fetch("GET", "/session");
    const body = JSON.stringify({ name: "forged", package: "com.example.forged" });
    const forge = (headers) =>
      fetch(`${server.url}/admin/v1/apps`, {
        method: "POST",
        headers: { Cookie: `mimc_console=${cookie.value}`, ...headers },
        body,
      });
    for (const headers of [
      {},
      { "X-Mimc-Csrf": "guessed" },
      { "X-Mimc-Csrf": session.csrf, Origin: "https://evil.example" },
    ]) {
      const answer = await forge(headers);
      const { error } = await answer.json();
      equal(JSON.stringify(headers), [answer.status, error.code], [403, "csrf"]);
    }
    const { apps } = await server.admin("GET", "/apps");
    equal("made", apps.some(({ name }) => name === "forged"), false);
    const honest = await forge({ "X-Mimc-Csrf": session.csrf, Origin: server.url });
    equal("its own page may", honest.status, 201);
    await server.admin("DELETE", `/apps/${(await honest.json()).appId}`);
  },

  async "another tab that signs in anew does not break this one"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/tokens" });
    const tab = new Operator(await operator.page.context().newPage());
    await tab.page.goto(`${server.url}/#/apps`);
    await tab.button("Sign out").click();
    await tab.enter(await server.adminToken());
    await operator.button("New token").click();
    await operator.dialog().getByLabel("Name").fill("two tabs");
    await operator.confirm("Create token");
    await operator.sees("It is shown this once.");
  },

  async "by keyboard: skip, search, help, and the focus goes where one goes"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/apps" });
    const { page } = operator;
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await operator.main.getByRole("link", { name: "demo" }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("heal");
    await browser.shoot(page, "console-13-palette");
    await page.keyboard.press("Enter");
    await operator.heading("Health").waitFor();
    await until(async () => (await focused()) === "Health", "the heading has no focus");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("demo");
    await page.keyboard.press("Enter");
    await operator.heading("Settings").waitFor();
    await page.keyboard.press("?");
    await operator.sees("Search pages and apps");
    await browser.shoot(page, "console-14-help");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await operator.heading("Apps").waitFor();
    await page.goBack();
    await operator.heading("Settings").waitFor();

    await page.reload();
    await operator.heading("Settings").waitFor();
    await page.keyboard.press("Tab");
    equal("first stop", await focused(), "Skip to the content");
    await page.keyboard.press("Enter");
    equal("after it", await focused(), "Settings");
    operator.isUntroubled();
  },

  async "an address without a view says so, and an app that is not there"({ browser, server }) {
    const operator = await Operator.signIn(browser, server, { path: "/#/no/such" });
    await operator.sees("There is nothing at this address");
    await operator.go("#/apps/5");
    await operator.sees("there is no such app");
  },
};
