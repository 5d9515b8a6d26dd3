/** The language of the pages: the browser's, until somebody chooses. */

import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";

export type Language = "en" | "zh";

const KEY = "mimc.language";

export const language = signal<Language>(initial());

/** Words of a part of the pages, in the language of the moment. */
export function inLanguage<Words>(words: Record<Language, Words>): ReadonlySignal<Words> {
  return computed(() => words[language.value]);
}

effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});

export function chooseLanguage(chosen: Language) {
  localStorage.setItem(KEY, chosen);
  language.value = chosen;
}

/** "09:41". */
export function clock(time: number): string {
  return new Intl.DateTimeFormat(region(), { hour: "2-digit", minute: "2-digit" }).format(time);
}

/** "Mon, 3 Feb". */
export function day(time: number): string {
  return new Intl.DateTimeFormat(language.value, {
    weekday: "short",
    month: "short",
    day: "numeric",
  }).format(time);
}

/** How the reader's own region writes times and numbers, if it is one of this language. */
export function region(): string {
  return navigator.language.startsWith(language.value) ? navigator.language : language.value;
}

function initial(): Language {
  const chosen = localStorage.getItem(KEY) ?? navigator.language;
  return chosen.startsWith("zh") ? "zh" : "en";
}
