/** Light or dark: the system's, until somebody chooses. The colours are in style.css. */

import { effect, signal } from "@preact/signals";

const KEY = "mimc.chat.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export const isDark = signal(initial());

effect(() => {
  document.documentElement.dataset.theme = isDark.value ? "dark" : "light";
});
system.addEventListener("change", () => {
  isDark.value = initial();
});

export function toggleTheme() {
  isDark.value = !isDark.value;
  localStorage.setItem(KEY, isDark.value ? "dark" : "light");
}

function initial(): boolean {
  const chosen = localStorage.getItem(KEY);
  return chosen === null ? system.matches : chosen === "dark";
}
