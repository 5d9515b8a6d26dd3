/** Numbers, sizes and times as people read them, in the language of the page. */

import { language, region } from "./language";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const SIZES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** What stands where there is no figure. */
export const NONE = "–";

/** "1,234,567". */
export function count(value: number): string {
  return new Intl.NumberFormat(region()).format(value);
}

/** "1.2M", for where there is little room; below 10,000 every digit counts. */
export function brief(value: number): string {
  return value < 10_000
    ? new Intl.NumberFormat(region(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
    : new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** "1.5 GiB". */
export function bytes(value: number): string {
  let size = value;
  let step = 0;
  while (size >= 1_023.5 && step < SIZES.length - 1) {
    size /= 1024;
    step += 1;
  }
  const digits = step === 0 || size >= 100 ? 0 : 1;
  return `${new Intl.NumberFormat(region(), { maximumFractionDigits: digits }).format(size)} ${SIZES[step]}`;
}

/** "0.4 ms", "18 ms", "2.3 s". */
export function milliseconds(value: number): string {
  const [number, unit] = value >= 1_000 ? [value / 1_000, "s"] : [value, "ms"];
  const digits = number >= 100 ? 0 : number >= 1 ? 1 : 2;
  return `${new Intl.NumberFormat(region(), { maximumFractionDigits: digits }).format(number)} ${unit}`;
}

/** The two largest units: "3 d 4 h", "5 min 20 s". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units: [number, string, string][] = [
    [86_400, "d", "天"],
    [3_600, "h", "小时"],
    [60, "min", "分钟"],
    [1, "s", "秒"],
  ];
  const parts: string[] = [];
  let left = seconds;
  for (const [size, en, zh] of units) {
    const many = Math.floor(left / size);
    left -= many * size;
    if (many > 0 || (size === 1 && parts.length === 0)) {
      parts.push(`${many} ${language.value === "zh" ? zh : en}`);
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return parts.join(" ");
}

/** "3 minutes ago", "in 2 hours", "now". */
export function relative(at: number, now: number): string {
  const seconds = Math.round((at - now) / 1_000);
  const format = new Intl.RelativeTimeFormat(language.value, { numeric: "auto" });
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  // Less than half a minute is now: a page does not count seconds.
  return unit === "second" && Math.abs(seconds) < 30
    ? format.format(0, "second")
    : format.format(Math.trunc(seconds / size), unit);
}

/** "3 Feb 2026, 09:41:07". */
export function absolute(at: number): string {
  return new Intl.DateTimeFormat(region(), { dateStyle: "medium", timeStyle: "medium" }).format(at);
}
