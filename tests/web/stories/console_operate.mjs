// The console when something is the matter: an account that is looked up and kicked, a callback that
// fails and is replayed, a message that waits.

import { createServer } from "node:http";
import { equal, until } from "../expect.mjs";
import { Operator } from "../operator.mjs";
import { Person } from "../person.mjs";

/** An app's backend that answers callbacks with what `status` says at the moment. */
async function backend() {
  const it = { status: 500, received: [] };
  const http = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      it.received.push({ headers: request.headers, body });
      response.writeHead(it.status).end();
    });
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  it.url = `http://127.0.0.1:${http.address().port}/callback`;
  it.close = () => new Promise((resolve) => http.close(resolve));
  return it;
}

export const stories = {
  async "an account is looked up and kicked, and its client goes offline"({ browser, server }) {
    const { appId } = server.app;
    const person = await Person.signIn(browser, "kicked-kate");
    const operator = await Operator.signIn(browser, server, { path: `/#/apps/${appId}/accounts` });
    await operator.main.getByRole("textbox", { name: "Account" }).fill("kicked-");
    await operator.main.getByRole("link", { name: "kicked-kate" }).click();
    await operator.heading("kicked-kate").waitFor();
    const devices = operator.main.getByRole("table", { name: "Devices" });
    await devices.getByText("Online").waitFor();
    await browser.shoot(operator.page, "console-20-account");
    // The chat page comes back by itself after a kick, so its row of log lines is what tells.
    const dropped = person.page.waitForEvent("websocket");
    await operator.button("Kick").click();
    await operator.confirm("Kick");
    await operator.sees("1 session ended");
    await dropped;

    await operator.button("Ban").click();
    await operator.confirm("Ban");
    await operator.sees("This account is banned");
    await devices.getByText("Offline").waitFor();
    const { banned, devices: seen } = await server.admin(
      "GET",
      `/apps/${appId}/accounts/kicked-kate`,
    );
    equal("banned", [banned, seen.some(({ online }) => online)], [true, false]);
    await operator.button("Unban").click();
    await operator.sees("Unbanned");
    operator.isUntroubled();
  },

  async "an account blocks another, and the console shows it in both places"({ browser, server }) {
    const { appId } = server.app;
    await server.push("blocked-bill", "blocking-beth", "hello");
    const path = `/#/apps/${appId}/accounts/blocking-beth`;
    const operator = await Operator.signIn(browser, server, { path });
    await operator.sees("It has blocked nobody.");
    await operator.button("Block an account").click();
    await operator.dialog().getByLabel("Account").fill("blocked-bill");
    await operator.confirm("Block");
    await operator.sees("blocked-bill is blocked");
    const refused = await server.push("blocked-bill", "blocking-beth", "again").catch(String);
    equal("refused", String(refused).includes("403"), true);
    await operator.button("Unblock blocked-bill").click();
    await operator.sees("It has blocked nobody.");
    await server.push("blocked-bill", "blocking-beth", "and again");
    operator.isUntroubled();
  },

  async "a group is looked at and dismissed by its name"({ browser, server }) {
    const { appId } = server.app;
    const topicId = await server.group("gina", "console group", ["greg", "gus"]);
    const operator = await Operator.signIn(browser, server, { path: `/#/apps/${appId}/topics` });
    await operator.main.getByRole("link", { name: "console group" }).click();
    const members = operator.main.getByRole("table", { name: "Members" });
    await members.getByRole("link", { name: "gus" }).waitFor();
    equal("members", await members.getByRole("row").count(), 4);
    await browser.shoot(operator.page, "console-21-group");
    await operator.button("Dismiss group").click();
    const dismiss = operator.dialog().getByRole("button", { name: "Dismiss group" });
    equal("not yet", await dismiss.isDisabled(), true);
    await operator.dialog().getByLabel("Type console group to confirm").fill("console group");
    await dismiss.click();
    await operator.sees("console group is dismissed");
    const gone = await server.admin("GET", `/apps/${appId}/topics/${topicId}`).catch(String);
    equal("gone", String(gone).includes("404"), true);
    operator.isUntroubled();
  },

  async "a callback fails, its signature is verified, and it is replayed"({ browser, server }) {
    const sink = await backend();
    try {
      const app = await server.admin("POST", "/apps", {
        name: "Callback story",
        package: "com.example.callbacks",
      });
      const operator = await Operator.signIn(browser, server, { path: `/#/apps/${app.appId}` });
      await operator.main.getByLabel("Instant callback URL").fill(sink.url);
      await operator.button("Save changes").click();
      await operator.sees("Saved");
      await server.pushAs(app, "carla", "curt", "is anybody there?");
      await until(() => sink.received.length > 0, "no callback came");

      await operator.go(`#/apps/${app.appId}/callbacks`);
      const row = operator.main.getByRole("row").filter({ hasText: "HTTP 500" });
      await until(async () => {
        await operator.page.reload();
        await operator.heading("Callbacks").waitFor();
        return row.first().waitFor({ timeout: 1_000 }).then(
          () => true,
          () => false,
        );
      }, "the failed attempt is not shown");
      await browser.shoot(operator.page, "console-22-callbacks");
      await row.first().getByRole("link").first().click();
      await operator.sees("What is posted");
      await operator.sees(Buffer.from("is anybody there?").toString("base64"));
      await browser.shoot(operator.page, "console-23-callback");

      await operator.main.getByRole("link", { name: "Verify" }).click();
      const body = operator.main.getByLabel("Body, exactly as it came");
      await until(async () => (await body.inputValue()) !== "", "nothing was filled in");
      equal("body", await body.inputValue(), sink.received[0].body);
      await operator.button("Check").click();
      await operator.sees("The signature is right");
      await body.fill(`${sink.received[0].body} `);
      await operator.button("Check").click();
      await operator.sees("The signature is wrong");
      await browser.shoot(operator.page, "console-24-wrong-signature");

      sink.status = 200;
      await operator.page.goBack();
      await operator.button("Replay").click();
      await operator.sees("It is posted again");
      await operator.main.getByText("Delivered", { exact: true }).first().waitFor();
      equal("the same bytes", sink.received.at(-1).body, sink.received[0].body);

      await operator.go(`#/apps/${app.appId}/callbacks`);
      await operator.button("Send a test").click();
      await operator.sees("What came of the test");
      await browser.shoot(operator.page, "console-25-test");
      operator.isUntroubled();
    } finally {
      await sink.close();
    }
  },

  async "a message that waits for an offline device is traced until it arrives"({
    browser,
    server,
  }) {
    const { appId } = server.app;
    // The device is known, and then away.
    const device = async () => {
      const account = await server.admin("GET", `/apps/${appId}/accounts/traced-tom`);
      return account.devices[0];
    };
    const receiver = await Person.signIn(browser, "traced-tom");
    await until(async () => (await device())?.online, "the device is not online");
    await receiver.page.close();
    await until(async () => !(await device()).online, "the device is still online");
    const { packetId } = await server.push("tracy", "traced-tom", "where are you?");

    const operator = await Operator.signIn(browser, server, { path: `/#/apps/${appId}/trace` });
    await operator.sees("What became of a message?");
    await operator.main.getByLabel("packetId or sequence").fill(packetId);
    await operator.button("Trace").click();
    const verdict = operator.main.getByRole("region", { name: "In one sentence" });
    await verdict.getByText(/wait|offline/i).waitFor();
    await operator.sees("where are you?");
    await browser.shoot(operator.page, "console-26-waits");

    const back = await Person.signIn(browser, "traced-tom");
    await back.row("tracy").waitFor();
    await until(async () => {
      await operator.page.reload();
      await verdict.waitFor();
      return /acknowledged/i.test(await verdict.innerText());
    }, "the trace does not say that it arrived");
    await browser.shoot(operator.page, "console-27-arrived");

    const { token } = await server.admin("POST", "/tokens", { name: "tracer", role: "viewer" });
    const path = `/#/apps/${appId}/trace?id=${packetId}`;
    const viewer = await Operator.signIn(browser, server, { token, path });
    await viewer.sees("Payloads are only shown to admins.");
    equal("payload", await viewer.main.getByText("where are you?").count(), 0);
    operator.isUntroubled();
  },
};
