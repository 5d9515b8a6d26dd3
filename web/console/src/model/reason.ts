/** Why something did not work, in the words that chat/words.ts translates. */

import { MimcError } from "@openmimc/sdk";

export function reasonOf(error: unknown): string {
  if (!(error instanceof MimcError)) {
    return error instanceof Error ? error.message : String(error);
  }
  if (error.code === 413) {
    return "payload too large";
  }
  switch (error.kind) {
    case "refused":
      return error.message;
    case "badServer":
    case "timedOut":
      return "unreachable";
    default:
      return error.kind;
  }
}
