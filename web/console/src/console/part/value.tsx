/** An id or a key: in letters that are told apart, with a button that copies it. */

import { useSignal } from "@preact/signals";
import { Copy } from "./copy";
import { Icon } from "./icon";
import { words } from "./words";

interface Props {
  text: string;
  /** What it is, as "appKey". */
  what: string;
  /** Shown as dots until asked for. */
  isSecret?: boolean;
}

export function Value({ text, what, isSecret }: Props) {
  const isHidden = useSignal(isSecret === true);
  const label = words.value.reveal(what);
  return (
    <span class="value">
      <code>{isHidden.value ? "•".repeat(12) : text}</code>
      {isHidden.value && (
        <button
          type="button"
          class="copy"
          aria-label={label}
          title={label}
          onClick={() => (isHidden.value = false)}
        >
          <Icon name="eye" />
        </button>
      )}
      <Copy text={text} what={what} />
    </span>
  );
}
