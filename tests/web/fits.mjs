// Nothing sticks out of the screen, but for what scrolls within itself.

import { equal } from "./expect.mjs";

export async function fits(page, what) {
  const { width } = page.viewportSize();
  const out = await page.evaluate((width) => {
    const scrolls = (element) => {
      const { overflowX } = getComputedStyle(element);
      return ["auto", "scroll"].includes(overflowX) && element.scrollWidth > element.clientWidth;
    };
    const isWithinScroller = (element) =>
      element !== null && (scrolls(element) || isWithinScroller(element.parentElement));
    const isOut = (element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && (box.left < -1 || box.right > width + 1);
    };
    const all = [...document.querySelectorAll("button, input, textarea, select, h1, h2, p")];
    const seen = all.filter((element) => !element.closest(".spoken"));
    return seen
      .filter((element) => isOut(element) && !isWithinScroller(element))
      .map((element) => element.outerHTML.slice(0, 120));
  }, width);
  equal(`outside of the screen, ${what}`, out, []);
  const scrolls = await page.evaluate(() => document.documentElement.scrollWidth);
  equal(`width, ${what}`, scrolls, width);
}
