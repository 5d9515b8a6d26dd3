/** Why a message was not sent, in the words that chat/words.ts translates. */

import { MimcError } from "@openmimc/sdk";

export function reasonOf(error: unknown): string {
  if (!(error instanceof MimcError)) {
    return String(error);
  }
  switch (error.code) {
    case 413:
      return "payload too large";
    default:
      return error.message;
  }
}
