/** The settings of an app as texts of a form, and what of them has changed. */

import type { AppSettings } from "../../apps";

export const URLS = ["instantCallback", "offlineCallback"] as const;
export const NUMBERS = ["accountTtl", "topicMembers", "maxPayload", "retentionDays"] as const;
export const SETTINGS = [...URLS, ...NUMBERS] as const;

export type Setting = (typeof SETTINGS)[number];
export type Texts = Record<Setting, string>;

export function textsOf(settings: AppSettings): Texts {
  const texts = SETTINGS.map((name) => [name, String(settings[name] ?? "")]);
  return Object.fromEntries(texts) as Texts;
}

/**
 * What to send: only what differs, so that two people who change different settings do not undo each
 * other. What is no number goes as it is, and the server says so.
 */
export function changes(settings: AppSettings, texts: Texts): Partial<Record<Setting, unknown>> {
  const before = textsOf(settings);
  const changed = SETTINGS.filter((name) => texts[name].trim() !== before[name]);
  return Object.fromEntries(changed.map((name) => [name, sent(name, texts[name].trim())]));
}

function sent(name: Setting, text: string): unknown {
  const isNumber = (NUMBERS as readonly string[]).includes(name) && /^-?\d{1,15}$/.test(text);
  return isNumber ? Number(text) : text;
}
