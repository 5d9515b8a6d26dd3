// Connections that break, and a server that dies: nothing is lost, nothing is doubled.

import { equal } from "../expect.mjs";
import { Person } from "../person.mjs";

export const stories = {
  async "who was offline catches up, and what was written offline arrives"({ browser }) {
    const [leo, mia] = [await Person.signIn(browser, "leo"), await Person.signIn(browser, "mia")];
    await leo.talkTo("mia");
    await leo.write("before");
    await mia.open("leo");
    await mia.sees("before");
    await mia.page.close();
    await leo.write("while away 1", "while away 2", "while away 3");
    await leo.hasMark("Delivered to the server");
    const context = mia.page.context();
    mia.page = await context.newPage();
    mia.page.troubles = [];
    mia.place = mia.page;
    await mia.page.goto(leo.page.url());
    await mia.signIn();
    await mia.row("leo").getByText("3 unread").waitFor({ state: "attached" });
    await mia.open("leo");
    await mia.sees("before", "while away 1", "while away 2", "while away 3");
    equal("bubbles", (await mia.bubbles()).length, 4);
  },

  async "a device that logs in for the first time shows what was said on the others"({ browser }) {
    const [lou, mac] = [await Person.signIn(browser, "lou"), await Person.signIn(browser, "mac")];
    await lou.makeGroup("Choir", ["mac"]);
    await lou.write("see you at eight");
    await lou.talkTo("mac");
    await lou.write("bring the score");
    await mac.open("lou");
    await mac.sees("bring the score");
    await mac.write("will do");
    await lou.sees("bring the score", "will do");
    const phone = await Person.signIn(browser, "mac");
    await phone.row("Choir").getByText("see you at eight").waitFor();
    await phone.row("lou").getByText("will do").waitFor();
    await phone.open("lou");
    await phone.sees("bring the score", "will do");
    await phone.write("from my phone");
    await mac.sees("bring the score", "will do", "from my phone");
    await lou.sees("bring the score", "will do", "from my phone");
    equal("troubles", [...lou.troubles(), ...mac.troubles(), ...phone.troubles()], []);
  },

  async "the server is killed and comes back, and both pages recover by themselves"({
    browser,
    server,
  }) {
    const [ned, oda] = [await Person.signIn(browser, "ned"), await Person.signIn(browser, "oda")];
    await ned.makeGroup("Crew", ["oda"]);
    await ned.write("group before");
    await oda.open("Crew");
    await oda.write("group answer");
    await ned.sees("group before", "group answer");
    await ned.talkTo("oda");
    await ned.write("one");
    await oda.open("ned");
    await oda.sees("one");
    await ned.hasMark("Read");
    await server.kill();
    await ned.place.getByText("Connection lost").waitFor();
    await oda.place.getByText("Connection lost").waitFor();
    await ned.write("two", "three");
    await oda.write("four");
    await ned.hasMark("Sending");
    await browser.shoot(ned.page, "14-reconnecting");
    await server.restart();
    await ned.place.getByText("Connection lost").waitFor({ state: "detached" });
    await oda.place.getByText("Connection lost").waitFor({ state: "detached" });
    await ned.hasMark("Read");
    await oda.hasMark("Read");
    for (const person of [ned, oda]) {
      const seen = await person.bubbles();
      equal("all, each once", [...seen].sort(), ["four", "one", "three", "two"]);
      equal("in order", seen.indexOf("two") < seen.indexOf("three"), true);
    }
    equal("the same order", await ned.bubbles(), await oda.bubbles());
    await oda.open("Crew");
    await oda.write("group after");
    await ned.open("Crew");
    await ned.sees("group before", "group answer", "group after");
    await browser.shoot(ned.page, "15-recovered");
    equal("troubles", [...ned.troubles(), ...oda.troubles()], []);
  },

  async "the same account in another tab takes over, and the first says so"({ browser }) {
    const pat = await Person.signIn(browser, "pat");
    const second = await pat.page.context().newPage();
    await second.goto(pat.page.url());
    await new Person(second, "pat").signIn();
    await pat.place.getByText("opened in another tab").waitFor();
    await browser.shoot(pat.page, "16-replaced");
    await pat.button("Use it here").click();
    await pat.place.getByText("opened in another tab").waitFor({ state: "detached" });
    await second.getByText("opened in another tab").waitFor();
  },
};
