/** Why something did not work, in the reader's language. */

import { reasonOf } from "../model/reason";
import { words } from "./words";

/** Of a reason of model/reason.ts. */
export function why(reason: string): string {
  const { other, ...known } = words.value.failure;
  return Object.hasOwn(known, reason) ? known[reason as keyof typeof known] : other(reason);
}

/** For a dialog, which shows what was thrown. */
export async function inWords<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(why(reasonOf(error)));
  }
}
