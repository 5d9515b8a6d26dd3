/** A form in a window of its own. The browser keeps the focus inside and closes it at Escape. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../look/language";

interface Props {
  title: string;
  /** What the button says that does it; none: there is only something to read. */
  action?: string;
  /** Throws what went wrong. */
  submit?: () => Promise<void> | void;
  close: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, action, submit, close, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const error = useSignal("");
  const isBusy = useSignal(false);
  useEffect(() => element.current?.showModal(), []);

  const run = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    try {
      await submit?.();
      close();
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason);
      isBusy.value = false;
    }
  };
  return (
    <dialog ref={element} aria-label={title} onClose={close}>
      <form onSubmit={run}>
        <h2>{title}</h2>
        {children}
        <div role="alert">{error.value && <p class="error">{error.value}</p>}</div>
        <p class="actions">
          <button type="button" onClick={close}>
            {action ? words.value.cancel : words.value.close}
          </button>
          {action && (
            <button type="submit" class="primary" disabled={isBusy.value}>
              {action}
            </button>
          )}
        </p>
      </form>
    </dialog>
  );
}
