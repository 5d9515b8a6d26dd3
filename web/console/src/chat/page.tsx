/** The frame: the bar on top, and one account or two side by side. */

import { signal } from "@preact/signals";
import { chooseLanguage, language, words } from "../look/language";
import { isDark, toggleTheme } from "../look/theme";
import { Pane } from "./pane";

const KEY = "mimc.chat.panes";

/** How many accounts are on the page. */
const panes = signal(localStorage.getItem(KEY) === "2" ? 2 : 1);

function choose(count: number) {
  panes.value = count;
  localStorage.setItem(KEY, String(count));
}

export function Page() {
  const say = words.value;
  return (
    <>
      <header class="bar">
        <h1>{say.title}</h1>
        <fieldset class="switch" aria-label={say.mode}>
          <button type="button" aria-pressed={panes.value === 1} onClick={() => choose(1)}>
            {say.one}
          </button>
          <button type="button" aria-pressed={panes.value === 2} onClick={() => choose(2)}>
            {say.two}
          </button>
        </fieldset>
        <span class="grow" />
        <button
          type="button"
          class="quiet"
          onClick={() => chooseLanguage(language.value === "zh" ? "en" : "zh")}
        >
          {say.otherLanguage}
        </button>
        <button type="button" class="quiet" onClick={toggleTheme}>
          {isDark.value ? say.light : say.dark}
        </button>
      </header>
      <main class="panes" data-count={panes.value}>
        <Pane place="1" />
        {panes.value === 2 && <Pane place="2" />}
      </main>
    </>
  );
}
