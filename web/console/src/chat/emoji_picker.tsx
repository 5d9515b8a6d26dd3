/** A few emoji. They are text like any other. */

import { Popup } from "./popup";
import { words } from "./words";

const EMOJI = [..."😀😂🥰😎🤔😅😭😡👍👎👏🙏💪👋🎉💚🔥✨🍵🍜🐼🌈🚀✅"];

const FACE = (
  <>
    <circle cx="10" cy="10" r="7.5" />
    <path d="M7.5 8v.1M12.5 8v.1M6.8 12a4 4 0 0 0 6.4 0" />
  </>
);

export function EmojiPicker({ pick }: { pick: (emoji: string) => void }) {
  return (
    <Popup label={words.value.emoji} icon={FACE} class="emoji">
      {(close) =>
        EMOJI.map((emoji) => (
          <button
            key={emoji}
            type="button"
            onClick={() => {
              close();
              pick(emoji);
            }}
          >
            {emoji}
          </button>
        ))
      }
    </Popup>
  );
}
