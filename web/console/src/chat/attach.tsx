/** Sends an image, a sound or a file that lies somewhere, by its URL. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { type Attachment, safeUrl } from "../model/format";
import { Dialog } from "../part/dialog";
import { Field } from "../part/field";
import { words } from "./words";

interface Props {
  account: Account;
  conversation: Conversation;
  close: () => void;
}

export function Attach({ account, conversation, close }: Props) {
  const type = useSignal<Attachment>("PIC_FILE");
  const url = useSignal("");
  const id = useId();
  const say = words.value;

  const submit = () => {
    const checked = safeUrl(url.value.trim());
    if (checked === undefined) {
      throw new Error(say.badUrl);
    }
    const name = type.value === "BIN_FILE" ? (checked.pathname.split("/").pop() ?? "") : "";
    account.send(conversation, { kind: "attachment", type: type.value, url: checked.href, name });
  };
  return (
    <Dialog title={say.attach} action={say.send} submit={submit} close={close}>
      <p class="field">
        <label for={id}>{say.kind}</label>
        <select
          id={id}
          value={type.value}
          onChange={(event) => (type.value = event.currentTarget.value as Attachment)}
        >
          <option value="PIC_FILE">{say.image}</option>
          <option value="AUDIO_FILE">{say.audio}</option>
          <option value="BIN_FILE">{say.file}</option>
        </select>
      </p>
      <Field label={say.url} hint={say.urlHint} text={url} />
    </Dialog>
  );
}
