/** Who is in a group; inviting others, and leaving. */

import { useSignal } from "@preact/signals";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { names } from "../model/groups";
import { reasonOf } from "../model/reason";
import { Dialog } from "../part/dialog";
import { Field } from "../part/field";
import { inWords, why } from "./why";
import { words } from "./words";

interface Props {
  account: Account;
  conversation: Conversation;
  close: () => void;
}

export function GroupMembers({ account, conversation, close }: Props) {
  const invited = useSignal("");
  const failure = useSignal("");
  const say = words.value;
  const members = conversation.members.value;
  const isOwner = members.some((member) => member.isOwner && member.account === account.name);

  const leave = async () => {
    try {
      await account.groups.leave(conversation, isOwner);
      close();
    } catch (error) {
      failure.value = why(reasonOf(error));
    }
  };
  return (
    <Dialog
      title={say.members}
      action={say.invite}
      submit={() => inWords(account.groups.invite(conversation, names(invited.value)))}
      close={close}
    >
      <ul class="members">
        {members.map((member) => (
          <li key={member.account}>
            {member.account} {member.isOwner && <span class="tag">{say.owner}</span>}
          </li>
        ))}
      </ul>
      <Field label={say.invite} hint={say.membersHint} text={invited} />
      <button type="button" class="danger" onClick={leave}>
        {isOwner ? say.dismiss : say.leave}
      </button>
      <div role="alert">{failure.value && <p class="error">{failure.value}</p>}</div>
    </Dialog>
  );
}
