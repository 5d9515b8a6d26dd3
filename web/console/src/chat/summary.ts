/** A message in a few words, for the list of conversations. */

import { words } from "../look/language";
import type { Shown } from "../model/timeline";

export function summary({ content, isRecalled, from }: Shown, me: string): string {
  const say = words.value;
  if (isRecalled) {
    return say.recalled;
  }
  switch (content.kind) {
    case "text":
      return content.text;
    case "attachment":
      return { PIC_FILE: say.image, AUDIO_FILE: say.audio, BIN_FILE: say.file }[content.type];
    case "friendRequest":
      return from === me ? say.askedFriend : say.askFriend(from);
    case "friendAnswer":
      return content.accepted ? say.accepted : say.declined;
    default:
      return "";
  }
}
