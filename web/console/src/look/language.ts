/** The page's language: the browser's, until somebody chooses. */

import { computed, effect, signal } from "@preact/signals";
import { en, zh } from "./words";

export type Language = "en" | "zh";

const KEY = "mimc.chat.language";

export const language = signal<Language>(initial());
export const words = computed(() => (language.value === "zh" ? zh : en));

effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  document.title = words.value.title;
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

/** How the reader's own region writes times, if it is one of this language. */
function region(): string {
  return navigator.language.startsWith(language.value) ? navigator.language : language.value;
}

function initial(): Language {
  const chosen = localStorage.getItem(KEY) ?? navigator.language;
  return chosen.startsWith("zh") ? "zh" : "en";
}
