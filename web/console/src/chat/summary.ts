/** A message in a few words, for the list of conversations; and what happened to a group, in a line. */

import { isNote } from "../model/format";
import type { Shown } from "../model/timeline";
import { words } from "./words";

/** In a group it begins with who says it. */
export function summary(message: Shown, me: string, isGroup: boolean): string {
  const what = inShort(message, me);
  const isSaid = isGroup && !isNote(message.content) && message.from !== me;
  return isSaid ? words.value.saying(message.from, what) : what;
}

function inShort(message: Shown, me: string): string {
  const { content, isRecalled, from } = message;
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
      return note(message, me);
  }
}

export function note({ content, from }: Pick<Shown, "content" | "from">, me: string): string {
  const say = words.value;
  const who = from === me ? say.subject : from;
  switch (content.kind) {
    case "membersAdded": {
      const added = content.accounts.map((account) => (account === me ? say.object : account));
      return say.added(who, added.join(say.comma));
    }
    case "memberLeft":
      return say.left(who);
    case "groupDismissed":
      return say.dismissed(who);
    default:
      return "";
  }
}
