// What others have named and written is text in every view of the console, whatever it looks like.

import { createServer } from "node:http";
import { equal, until } from "../expect.mjs";
import { Operator } from "../operator.mjs";
import { Person } from "../person.mjs";

/** If it were markup, it would ask for an image, and say so when there is none. */
const MARKUP = "<img src=x onerror=window.wasRun=1>";

/** An app's backend whose answers are markup, too. */
async function backend() {
  const http = createServer((_, response) => {
    response.writeHead(500, MARKUP, { "Content-Type": "text/html" }).end(MARKUP);
  });
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${http.address().port}/${encodeURIComponent(MARKUP)}`,
    close: () => new Promise((resolve) => http.close(resolve)),
  };
}

export const stories = {
  async "markup in names, messages and answers is shown as text in every view"({
    browser,
    server,
  }) {
    const sink = await backend();
    try {
      const app = await server.admin("POST", "/apps", { name: MARKUP, package: "com.example.bad" });
      const path = `/apps/${app.appId}`;
      await server.admin("PATCH", path, { instantCallback: sink.url, offlineCallback: sink.url });
      await server.admin("POST", "/tokens", { name: MARKUP, role: "viewer" });
      const { packetId } = await server.pushAs(app, MARKUP, "other", MARKUP);
      await server.pushAs(app, "other", MARKUP, "an answer");
      await server.admin("PUT", `${path}/accounts/other/blacklist/${encodeURIComponent(MARKUP)}`);
      const topicId = await server.groupAs(app, MARKUP, MARKUP, ["other"]);
      let failed;
      await until(async () => {
        const { callbacks } = await server.admin("GET", `${path}/callbacks`);
        failed = callbacks.find(({ attempts }) => attempts.length > 0);
        return failed !== undefined;
      }, "no callback was tried");

      const account = encodeURIComponent(MARKUP);
      // Each view, and whether something of it is to be read there.
      const views = [
        ["/", false],
        ["/apps", true],
        [path, false],
        [`${path}/start`, false],
        [`${path}/accounts`, true],
        [`${path}/accounts/${account}`, true],
        [`${path}/accounts/other`, true],
        [`${path}/topics`, true],
        [`${path}/topics/${topicId}`, true],
        [`${path}/callbacks`, false],
        [`${path}/callbacks/${failed.id}`, true],
        [`${path}/trace?id=${packetId}`, true],
        ["/tokens", true],
        ["/configuration", false],
        ["/health", false],
        ["/tools/tokens", false],
        ["/tools/chat", false],
        ["/tools/api", false],
      ];
      const operator = await Operator.signIn(browser, server);
      for (const [view, isRead] of views) {
        await operator.go(`#${view}`);
        await operator.main.getByRole("heading").first().waitFor();
        if (isRead) {
          await operator.main.getByText(MARKUP).first().waitFor();
        }
        await isText(operator.page, view);
      }
      operator.isUntroubled();
    } finally {
      await sink.close();
    }
  },

  async "markup in names and messages is shown as text on the chat page"({ browser, server }) {
    const person = await Person.signIn(browser, MARKUP);
    await server.push("marcus", MARKUP, MARKUP);
    const group = `${MARKUP} group`;
    const topicId = await server.group(MARKUP, group, ["marcus"]);
    await server.pushToGroup("marcus", topicId, MARKUP);
    await person.open("marcus");
    await person.sees(MARKUP);
    await person.open(group);
    await person.sees(MARKUP);
    await isText(person.page, "chat");
    equal("troubles", person.troubles(), []);
  },
};

async function isText(page, view) {
  equal(`images in ${view}`, await page.locator('img[src="x"]').count(), 0);
  equal(`run in ${view}`, await page.evaluate(() => window.wasRun ?? 0), 0);
}
