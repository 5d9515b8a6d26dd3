/** Signing in by the admin token or by the one-time link, and out again. */

import { AdminError, admin } from "./admin";
import { began, type Session, session } from "./session";

/** Whether the cookie of an earlier visit still holds. Throws when the server does not answer. */
export async function resume(): Promise<void> {
  try {
    began(await admin.get<Session>("/session"));
  } catch (error) {
    if (!(error instanceof AdminError) || error.status !== 401) {
      throw error;
    }
    session.value = null;
  }
}

export async function signIn(by: { token: string } | { signin: string }): Promise<void> {
  began(await admin.post<Session>("/session", by));
}

export async function signOut(): Promise<void> {
  await admin.delete("/session");
  session.value = null;
}
