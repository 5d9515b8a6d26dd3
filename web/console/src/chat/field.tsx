/** A label, what it is for, and a line to write. */

import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";

interface Props {
  label: string;
  hint?: string;
  text: Signal<string>;
}

export function Field({ label, hint, text }: Props) {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        aria-describedby={hint && `${id}-hint`}
        autocomplete="off"
        autocapitalize="none"
        required
      />
      {hint && (
        <span id={`${id}-hint`} class="hint">
          {hint}
        </span>
      )}
    </p>
  );
}
