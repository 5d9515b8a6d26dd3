/** One word about a thing, as "banned". The word says it; the colour only helps. */

import type { ComponentChildren } from "preact";

export type Tone = "plain" | "good" | "warn" | "bad";

export function Tag({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return (
    <span class="tag" data-tone={tone}>
      {children}
    </span>
  );
}
