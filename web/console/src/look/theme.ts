/** Light or dark: the system's, until somebody chooses. The colours are in style/base.css. */

import { computed, effect, signal } from "@preact/signals";

export type Theme = "auto" | "light" | "dark";

const KEY = "mimc.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(system.matches);

export const theme = signal(initial());
export const isDark = computed(() =>
  theme.value === "auto" ? isSystemDark.value : theme.value === "dark",
);

effect(() => {
  document.documentElement.dataset.theme = isDark.value ? "dark" : "light";
});
system.addEventListener("change", () => {
  isSystemDark.value = system.matches;
});

export function chooseTheme(chosen: Theme) {
  localStorage.setItem(KEY, chosen);
  theme.value = chosen;
}

export function toggleTheme() {
  chooseTheme(isDark.value ? "light" : "dark");
}

function initial(): Theme {
  const chosen = localStorage.getItem(KEY);
  return chosen === "light" || chosen === "dark" ? chosen : "auto";
}
