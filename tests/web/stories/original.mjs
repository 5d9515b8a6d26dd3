// A page written for the original SDK: a script tag and MIMCUser, nothing else.

import { start as startBackend } from "../app_backend.mjs";
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
