/** Starts a conversation with a person, or makes a group. */

import { useSignal } from "@preact/signals";
import type { Account } from "../model/account";
import { names } from "../model/groups";
import { Dialog } from "../part/dialog";
import { Field } from "../part/field";
import { inWords } from "./why";
import { words } from "./words";

export function NewChat({ account, close }: { account: Account; close: () => void }) {
  const isGroup = useSignal(false);
  const to = useSignal("");
  const title = useSignal("");
  const members = useSignal("");
  const say = words.value;

  const start = async () => {
    const conversation = isGroup.value
      ? await inWords(account.groups.create(title.value.trim(), names(members.value)))
      : account.conversation(to.value.trim(), false);
    account.show(conversation);
  };
  return (
    <Dialog
      title={say.newChat}
      action={isGroup.value ? say.create : say.start}
      submit={start}
      close={close}
    >
      <fieldset class="switch" aria-label={say.kind}>
        <button type="button" aria-pressed={!isGroup.value} onClick={() => (isGroup.value = false)}>
          {say.person}
        </button>
        <button type="button" aria-pressed={isGroup.value} onClick={() => (isGroup.value = true)}>
          {say.group}
        </button>
      </fieldset>
      {isGroup.value ? (
        <>
          <Field key="title" label={say.groupName} text={title} />
          <Field key="members" label={say.members} hint={say.membersHint} text={members} />
        </>
      ) : (
        <Field key="to" label={say.to} text={to} />
      )}
    </Dialog>
  );
}
