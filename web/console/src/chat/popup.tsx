/** A button that opens something small. Escape, a choice, and a press elsewhere close it. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  /** What is on the button. */
  icon: ComponentChildren;
  /** Of the place where the button and what it opens stand. */
  class: string;
  children: (close: () => void) => ComponentChildren;
}

export function Popup({ label, icon, class: name, children }: Props) {
  const isOpen = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (!isOpen.value) {
      return undefined;
    }
    place.current?.querySelector<HTMLElement>(".popup button")?.focus();
    const outside = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) {
        isOpen.value = false;
      }
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen.value]);

  const close = () => {
    isOpen.value = false;
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isOpen.value) {
      close();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from any button inside
    <div ref={place} class={`popup-place ${name}`} onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        class="icon"
        aria-label={label}
        title={label}
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          {icon}
        </svg>
      </button>
      {isOpen.value && (
        <fieldset class="popup" aria-label={label}>
          {children(close)}
        </fieldset>
      )}
    </div>
  );
}
