/** Asks before what cannot be undone. The name is typed, so that no habit confirms it. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Dialog } from "../../part/dialog";
import { Field } from "../../part/field";
import { words } from "./words";

interface Props {
  title: string;
  /** What the button says, as "Delete app". */
  action: string;
  /** What must be typed; none: the button alone is enough. */
  name?: string;
  submit: () => Promise<void>;
  close: () => void;
  /** What will happen. */
  children: ComponentChildren;
}

export function Confirm({ title, action, name, submit, close, children }: Props) {
  const typed = useSignal("");
  return (
    <Dialog
      title={title}
      action={action}
      isDangerous
      isReady={name === undefined || typed.value.trim() === name}
      submit={submit}
      close={close}
    >
      <p>{children}</p>
      {name !== undefined && <Field label={words.value.typeToConfirm(name)} text={typed} />}
    </Dialog>
  );
}
