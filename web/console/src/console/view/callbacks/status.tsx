/** How a callback stands, and what an attempt was answered. */

import { NONE } from "../../../look/figures";
import { Tag, type Tone } from "../../part/tag";
import type { Attempt, Status } from "./callback_data";
import { words } from "./words";

const TONES: Record<Status, Tone> = { pending: "warn", delivered: "good", failed: "bad" };

export function StatusTag({ status }: { status: Status }) {
  return <Tag tone={TONES[status]}>{words.value.statuses[status]}</Tag>;
}

/** "HTTP 500", or why there was no answer. */
export function answerOf(attempt: Attempt | null | undefined): string {
  if (!attempt) {
    return NONE;
  }
  const { httpStatus, error } = attempt;
  return httpStatus === null ? (error ?? NONE) : `HTTP ${httpStatus}`;
}
