/** GET /stats, as the server answers it. */

import type { Language } from "../look/language";

export type Column = readonly (number | null)[];

export interface Stats {
  now: {
    at: number;
    startedAt: number;
    version: string;
    sessions: number;
    apps: number;
    tcp: number;
    websocket: number;
    http: number;
    residentBytes: number;
    cpuSeconds: number;
    storage: {
      bytes: number;
      segments: number;
      /** `null` where the system does not tell. */
      freeBytes: number | null;
      damages: number;
      readOnly: boolean;
    };
    callbacks: {
      pending: number;
      /** There are more than were counted. */
      isMorePending: boolean;
      delivered: number;
      failed: number;
    };
    messages: {
      accepted: number;
      stored: number;
      delivered: number;
      acknowledged: number;
      offline: number;
      /** By reason. */
      refused: Readonly<Record<string, number>>;
    };
  };
  series: {
    /** As it was asked for. */
    window: Window;
    stepS: number;
    /** Columns of one length; `null` where nothing was measured. Rates are per second. */
    points: {
      at: readonly number[];
      sessions: Column;
      tcp: Column;
      websocket: Column;
      in: Column;
      out: Column;
      ackP50Ms: Column;
      ackP99Ms: Column;
      deliveryP50Ms: Column;
      deliveryP99Ms: Column;
      callbackBacklog: Column;
      storageBytes: Column;
      cpu: Column;
      residentBytes: Column;
    };
  };
  alarms: readonly Alarm[];
}

export interface Alarm {
  id: string;
  severity: "warn" | "bad";
  since: number;
  /** What is so, and what to do. */
  sentence: Record<Language, string>;
}

export const WINDOWS = ["15m", "3h", "24h"] as const;
export type Window = (typeof WINDOWS)[number];

export const WINDOW_MS: Record<Window, number> = {
  "15m": 900_000,
  "3h": 10_800_000,
  "24h": 86_400_000,
};

/** The newest that was measured. */
export function newest(column: Column): number | null {
  return column.findLast((value) => value !== null) ?? null;
}
