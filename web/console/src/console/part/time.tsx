/** A moment: how long ago, and exactly when one points at it. */

import { signal } from "@preact/signals";
import { absolute, NONE, relative } from "../../look/figures";

const STEP_MS = 15_000;

/** The clock of the page; all relative times move together. */
const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, STEP_MS);

interface Props {
  /** Milliseconds since 1970. */
  at: number | null | undefined;
  /** Says exactly when, for where the moment itself is what matters. */
  isExact?: boolean;
}

export function Time({ at, isExact }: Props) {
  if (at === null || at === undefined) {
    return <>{NONE}</>;
  }
  // An answer may be newer than the last step of the clock.
  const ago = relative(at, Math.max(now.value, Math.min(at, Date.now())));
  return (
    <time datetime={new Date(at).toISOString()} title={isExact ? ago : absolute(at)}>
      {isExact ? absolute(at) : ago}
    </time>
  );
}
