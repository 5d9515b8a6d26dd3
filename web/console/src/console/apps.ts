/** The apps of this server, which the navigation and most views need. */

import { effect, signal } from "@preact/signals";
import { admin } from "./admin";
import { session } from "./session";

export interface App {
  appId: string;
  appKey: string;
  /** Right after it was made or renewed, and never again. */
  appSecret?: string;
  /** For admins only. */
  callbackSecret?: string;
  name: string;
  package: string;
  banned: boolean;
  /** Milliseconds since 1970. */
  createdAt: number;
  settings: AppSettings;
}

export interface AppSettings {
  instantCallback: string | null;
  offlineCallback: string | null;
  /** Seconds; 0: accounts do not end. */
  accountTtl: number;
  topicMembers: number;
  /** Bytes. */
  maxPayload: number;
  retentionDays: number;
}

/** `undefined`: not loaded yet. The oldest first. */
export const apps = signal<readonly App[] | undefined>(undefined);

export async function loadApps(): Promise<void> {
  const answer = await admin.get<{ apps: App[] }>("/apps");
  apps.value = answer.apps;
}

/** The name, or the id while it is not known. */
export function appName(appId: string): string {
  return apps.value?.find((app) => app.appId === appId)?.name ?? appId;
}

/**
 * Secrets that this page has shown since it was loaded, by appId: examples are filled in with them.
 * They are gone with the session.
 */
const secrets = new Map<string, string>();

export function knownSecret(appId: string): string | undefined {
  return session.value ? secrets.get(appId) : undefined;
}

effect(() => {
  if (session.value === null) {
    secrets.clear();
    apps.value = undefined;
  }
});

/** An answer that shows an app is newer than what is known of it. */
export function remember(app: App) {
  const { appSecret, ...kept } = app;
  if (appSecret !== undefined) {
    secrets.set(app.appId, appSecret);
  }
  const others = apps.value ?? [];
  apps.value = others.some(({ appId }) => appId === app.appId)
    ? others.map((other) => (other.appId === app.appId ? kept : other))
    : [...others, kept];
}

export function forget(appId: string) {
  apps.value = apps.value?.filter((app) => app.appId !== appId);
}
