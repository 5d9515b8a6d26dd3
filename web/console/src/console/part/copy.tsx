/** Puts a text where it can be pasted elsewhere. */

import { useSignal } from "@preact/signals";
import { Icon } from "./icon";
import { words } from "./words";

const SHOWN_MS = 1_500;

interface Props {
  text: string;
  /** What it is, for those who hear the page: "Copy appKey". */
  what: string;
}

export function Copy({ text, what }: Props) {
  const isDone = useSignal(false);
  const run = async () => {
    await copy(text);
    isDone.value = true;
    setTimeout(() => {
      isDone.value = false;
    }, SHOWN_MS);
  };
  const label = words.value.copy(what);
  return (
    <button type="button" class="copy" aria-label={label} title={label} onClick={run}>
      <Icon name={isDone.value ? "check" : "copy"} />
      <span class="spoken" role="status">
        {isDone.value && words.value.copied}
      </span>
    </button>
  );
}

/** Browsers have their clipboard on https pages and on localhost only; the old way works on all. */
async function copy(text: string) {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text);
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "spoken";
  // A modal dialog lets nothing outside of it be selected.
  (document.querySelector("dialog:modal") ?? document.body).append(area);
  const focused = document.activeElement;
  area.select();
  document.execCommand("copy");
  area.remove();
  (focused as HTMLElement | null)?.focus();
}
