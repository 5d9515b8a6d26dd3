/** The frame: the bar on top, and one account or two side by side. */

import { signal } from "@preact/signals";
import { chooseLanguage, language } from "../look/language";
import { isDark, toggleTheme } from "../look/theme";
import { Pane } from "./pane";
import { words } from "./words";

const KEY = "mimc.chat.panes";

/** How many accounts are on the page. */
const panes = signal(localStorage.getItem(KEY) === "2" ? 2 : 1);

function choose(count: number) {
  panes.value = count;
  localStorage.setItem(KEY, String(count));
}

const SUN = (
  <>
    <circle cx="10" cy="10" r="3.5" />
    <path d="M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1" />
  </>
);
const MOON = <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" />;

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
        <ThemeButton />
      </header>
      <main class="panes" data-count={panes.value}>
        <Pane place="1" />
        {panes.value === 2 && <Pane place="2" />}
      </main>
    </>
  );
}

function ThemeButton() {
  const label = isDark.value ? words.value.light : words.value.dark;
  return (
    <button type="button" class="icon" aria-label={label} title={label} onClick={toggleTheme}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        {isDark.value ? SUN : MOON}
      </svg>
    </button>
  );
}
