/** Who looks at the console. The cookie itself is out of any script's reach. */

import { computed, signal } from "@preact/signals";

export interface Session {
  role: "admin" | "viewer";
  /** Goes with every request that changes something. */
  csrf: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** `undefined`: not asked yet; `null`: nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);
/** Whether somebody was signed in here before, so that the sign-in says what has happened. */
export const hasEnded = signal(false);
/** Viewers see what is there; what changes something is only shown to admins. */
export const isAdmin = computed(() => session.value?.role === "admin");

/** The server knows the session no more. */
export function ended() {
  hasEnded.value ||= Boolean(session.value);
  session.value = null;
}

export function began(by: Session) {
  session.value = by;
  hasEnded.value = false;
}
