/** A few emoji. They are text like any other. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { words } from "../look/language";

const EMOJI = [..."😀😂🥰😎🤔😅😭😡👍👎👏🙏💪👋🎉💚🔥✨🍵🍜🐼🌈🚀✅"];

export function EmojiPicker({ pick }: { pick: (emoji: string) => void }) {
  const isOpen = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const say = words.value;

  useEffect(() => {
    if (!isOpen.value) {
      return undefined;
    }
    place.current?.querySelector<HTMLElement>(".emoji button")?.focus();
    const outside = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) {
        isOpen.value = false;
      }
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen.value]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && isOpen.value) {
      isOpen.value = false;
      opener.current?.focus();
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes from any button inside
    <div ref={place} class="emoji-place" onKeyDown={onKeyDown}>
      <button
        ref={opener}
        type="button"
        class="icon"
        aria-label={say.emoji}
        title={say.emoji}
        aria-expanded={isOpen.value}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="7.5" />
          <path d="M7.5 8v.1M12.5 8v.1M6.8 12a4 4 0 0 0 6.4 0" />
        </svg>
      </button>
      {isOpen.value && (
        <fieldset class="emoji" aria-label={say.emoji}>
          {EMOJI.map((emoji) => (
            <button
              key={emoji}
              type="button"
              onClick={() => {
                isOpen.value = false;
                pick(emoji);
              }}
            >
              {emoji}
            </button>
          ))}
        </fieldset>
      )}
    </div>
  );
}
