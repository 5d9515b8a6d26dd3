/** A form in a window of its own. The browser keeps the focus inside and closes it at Escape. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { words } from "./words";

interface Props {
  title: string;
  /** What the button says that does it; none: there is only something to read. */
  action?: string;
  /**
   * What the only button says of a window that shows something for the last time. Escape does not
   * close it.
   */
  seen?: string;
  /** Throws what went wrong. */
  submit?: () => Promise<void> | void;
  /** Whether the form itself shows what went wrong, beside a field. */
  showsItself?: (reason: unknown) => boolean;
  close: () => void;
  /** The button says that something is lost. */
  isDangerous?: boolean;
  /** Whether the button can be pressed; none: always. */
  isReady?: boolean;
  isWide?: boolean;
  children: ComponentChildren;
}

export function Dialog(props: Props) {
  const { title, action, seen, submit, showsItself, close, children } = props;
  const { isDangerous, isReady = true, isWide } = props;
  const element = useRef<HTMLDialogElement>(null);
  const error = useSignal("");
  const isBusy = useSignal(false);
  // Before the next key is pressed, which belongs into it.
  useLayoutEffect(() => element.current?.showModal(), []);

  const run = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    try {
      await submit?.();
      close();
    } catch (reason) {
      const isShown = showsItself?.(reason) === true;
      error.value = isShown ? "" : reason instanceof Error ? reason.message : String(reason);
      isBusy.value = false;
    }
  };
  return (
    <dialog
      ref={element}
      class={isWide ? "wide" : undefined}
      aria-label={title}
      onCancel={(event) => seen && event.preventDefault()}
      onClose={close}
    >
      <form onSubmit={run}>
        <h2>{title}</h2>
        {children}
        <div role="alert">{error.value && <p class="error">{error.value}</p>}</div>
        <p class="actions">
          <button type="button" class={seen && "primary"} onClick={close}>
            {seen ?? (action ? words.value.cancel : words.value.close)}
          </button>
          {action && (
            <button
              type="submit"
              class={isDangerous ? "primary danger" : "primary"}
              disabled={isBusy.value || !isReady}
            >
              {action}
            </button>
          )}
        </p>
      </form>
    </dialog>
  );
}
