// A page written for the original SDK: a script tag and MIMCUser, nothing else.

import { start as startBackend } from "../app_backend.mjs";
import { PLAIN_HOST } from "../browser.mjs";
import { equal, until } from "../expect.mjs";
import { Person } from "../person.mjs";

async function open(browser, backend, account) {
  const page = await browser.page({ url: backend.url, path: `/page?account=${account}` });
  await until(
    () => page.evaluate(() => state.isIn),
    async () => `${account} is not in: ${await page.evaluate(() => JSON.stringify(state))}`,
  );
  return page;
}

const texts = (page) => page.evaluate(() => state.texts);

async function withBackend(server, story) {
  const backend = await startBackend(server);
  try {
    await story(backend);
  } finally {
    backend.close();
  }
}

export const stories = {
  "a page of the original's API chats with the chat page": ({ browser, server }) =>
    withBackend(server, async (backend) => {
      const quin = await open(browser, backend, "quin");
      const ray = await Person.signIn(browser, "ray");
      await ray.talkTo("quin");
      await ray.write("from the chat page 🙂");
      await until(async () => (await texts(quin)).length === 1, "nothing came");
      equal("text", JSON.parse((await texts(quin))[0]).payload, "from the chat page 🙂");
      const id = await quin.evaluate(() => user.sendMessage("ray", "plain text, no JSON 🙃"));
      await ray.sees("from the chat page 🙂", "plain text, no JSON 🙃");
      await until(async () => (await quin.evaluate(() => state.acked)).includes(id), "no ack");
      await ray.makeGroup("Band", ["quin"]);
      await ray.write("in the group");
      await until(async () => (await texts(quin)).length === 3, "nothing came in the group");
      const topicId = (await texts(quin))[2].split(" ")[0];
      await quin.evaluate(
        (topicId) => user.sendGroupMessage(topicId, "back in the group"),
        topicId,
      );
      await ray.sees("in the group", "back in the group");
      equal("troubles", [...quin.troubles, ...ray.troubles()], []);
    }),

  "a logout ends it, and is no lost connection; a login after it works": ({ browser, server }) =>
    withBackend(server, async (backend) => {
      const [viv, wil] = [await open(browser, backend, "viv"), await open(browser, backend, "wil")];
      await viv.evaluate(() => user.logout());
      await until(() => viv.evaluate(() => !state.isIn), "the status handler is not told");
      equal("is in", await viv.evaluate(() => [user.isLogin(), user.isConnected()]), [false, false]);
      await wil.evaluate(() => user.sendMessage("viv", "while you were out"));
      await until(() => wil.evaluate(() => state.acked.length === 1), "no ack");
      equal("disconnects", await viv.evaluate(() => state.disconnects), 0);
      await viv.evaluate(() => user.login());
      await until(async () => (await texts(viv)).length === 1, "nothing came");
      equal("texts", await texts(viv), ["while you were out"]);
      equal("troubles", [...viv.troubles, ...wil.troubles], []);
    }),

  "on a plain http page, where the browser has no crypto.subtle, all of it works": ({
    browser,
    server,
  }) =>
    withBackend(server, async (backend) => {
      const plain = (url) => url.replace("127.0.0.1", PLAIN_HOST);
      const url = plain(server.url);
      const xia = await Person.signIn(browser, "xia", { url });
      equal("secure", await xia.page.evaluate(() => isSecureContext), false);
      equal("subtle", await xia.page.evaluate(() => typeof crypto.subtle), "undefined");
      const yun = await open(browser, { url: plain(backend.url) }, "yun");
      equal("subtle", await yun.evaluate(() => typeof crypto.subtle), "undefined");
      await xia.talkTo("yun");
      await xia.write("without TLS 🔓");
      await until(async () => (await texts(yun)).length === 1, "nothing came");
      await yun.evaluate(() => user.sendMessage("xia", "got it"));
      await xia.sees("without TLS 🔓", "got it");
      equal("troubles", [...xia.troubles(), ...yun.troubles], []);
    }),

  "it logs in again from its disconnect callback after a crash": ({ browser, server }) =>
    withBackend(server, async (backend) => {
      const [sue, tim] = [await open(browser, backend, "sue"), await open(browser, backend, "tim")];
      await sue.evaluate(() => user.sendMessage("tim", "before the crash"));
      await until(async () => (await texts(tim)).length === 1, "nothing came");
      await server.kill();
      await until(() => sue.evaluate(() => state.disconnects > 0), "no disconnect callback");
      await server.restart();
      for (const page of [sue, tim]) {
        await until(() => page.evaluate(() => state.isIn && user.isLogin()), "not in again");
      }
      await sue.evaluate(() => user.sendMessage("tim", "after the crash"));
      await until(async () => (await texts(tim)).length > 1, "nothing came");
      equal("texts", await texts(tim), ["before the crash", "after the crash"]);
    }),
};
