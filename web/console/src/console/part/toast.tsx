/** Short notes at the edge: what was done goes by itself, what failed stays until it is read. */

import { signal } from "@preact/signals";
import { sentence } from "./failure";
import { Icon } from "./icon";
import { words } from "./words";

const SHOWN_MS = 5_000;
/** More at a time would cover the page. */
const TOASTS_MAX = 4;

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
}

const toasts = signal<readonly Toast[]>([]);
let last = 0;

export function toast(text: string) {
  const id = show(text, false);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

/** Tells why something failed. */
export function toastFailure(error: unknown) {
  show(sentence(error), true);
}

function show(text: string, isBad: boolean): number {
  last += 1;
  toasts.value = [...toasts.value, { id: last, text, isBad }].slice(-TOASTS_MAX);
  return last;
}

function dismiss(id: number) {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="log" aria-live="polite" aria-label={words.value.notes}>
      {toasts.value.map(({ id, text, isBad }) => (
        <p key={id} class="toast" data-bad={isBad}>
          <Icon name={isBad ? "warn" : "check"} />
          <span>{text}</span>
          <button
            type="button"
            class="copy"
            aria-label={words.value.dismiss}
            onClick={() => dismiss(id)}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
