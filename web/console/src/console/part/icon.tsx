/** The pictures of the console, drawn in lines of the text's colour. */

const PATHS = {
  overview: "M4 19V11 M10 19V5 M16 19v-6 M22 19V9",
  apps: "M4 4h7v7H4z M15 4h7v7h-7z M4 15h7v7H4z M15 15h7v7h-7z",
  health: "M3 13h5l3-8 4 15 3-7h5",
  configuration: "M4 7h10 M18 7h4 M4 13h3 M11 13h11 M4 19h12 M20 19h2 M16 5v4 M9 11v4 M18 17v4",
  key: "M14.5 15.5a5.5 5.5 0 1 1 .1-5h8.4v4h-3v3h-4v-2z M9 13h.01",
  settings: "M12 3H6v20h14V11 M17 3l3 3-7 7-4 1 1-4z",
  start: "M5 5l9 8-9 8 M15 21h7",
  accounts: "M13 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M4 22c1-5 5-7 9-7s8 2 9 7",
  topics:
    "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M2 21c1-4 4-6 8-6s7 2 8 6 M17 4.5a4 4 0 0 1 0 7 M20 15.5c2 .8 3.5 2.5 4 5.5",
  callbacks: "M4 10c0-3 2-5 5-5h12 M17 1l4 4-4 4 M22 16c0 3-2 5-5 5H5 M9 25l-4-4 4-4",
  trace: "M6 4v0 M6 13v0 M6 22v0 M11 4h11 M11 13h11 M11 22h7",
  playground: "M10 3h6 M11 3v7L4 21c-.6 1 0 2 1.2 2h15.6c1.2 0 1.8-1 1.2-2l-7-11V3 M8 16h10",
  chat: "M4 4h18v14H12l-5 5v-5H4z",
  book: "M13 6c-2-2-5-2-9-2v16c4 0 7 0 9 2 2-2 5-2 9-2V4c-4 0-7 0-9 2z M13 6v16",
  search: "M11.5 19a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z M17 17l6 6",
  menu: "M4 7h18 M4 13h18 M4 19h18",
  copy: "M9 9h13v13H9z M17 9V4H4v13h5",
  check: "M4 14l6 6L22 6",
  close: "M5 5l16 16 M21 5L5 21",
  warn: "M13 3L24 22H2z M13 10v5 M13 18.5v.01",
  next: "M10 5l8 8-8 8",
  expand: "M8 10l5-5 5 5 M8 16l5 5 5-5",
  leave: "M10 4H4v18h6 M16 7l6 6-6 6 M22 13H9",
  plus: "M13 5v16 M5 13h16",
  reload: "M21 6v5h-5 M21 11a9 9 0 1 0 1 5",
  eye: "M2 13c3-5 7-7 11-7s8 2 11 7c-3 5-7 7-11 7s-8-2-11-7z M13 16a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="pic" viewBox="0 0 26 26" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
