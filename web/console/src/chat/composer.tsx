/** Where one writes. Enter sends, Shift+Enter makes a line, and an input method keeps its own Enter. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { Attach } from "./attach";
import { EmojiPicker } from "./emoji_picker";
import { words } from "./words";

interface Props {
  account: Account;
  conversation: Conversation;
}

/** What Safari gives for the Enter that ends a composition. */
const KEY_OF_INPUT_METHOD = 229;

export function Composer({ account, conversation }: Props) {
  const text = useSignal("");
  const isAttaching = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const say = words.value;
  useEffect(() => area.current?.focus(), []);

  const send = () => {
    const written = text.value.trim();
    if (written !== "") {
      account.send(conversation, { kind: "text", text: written });
      text.value = "";
    }
    area.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isComposing = event.isComposing || event.keyCode === KEY_OF_INPUT_METHOD;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
      event.preventDefault();
      send();
    }
  };
  const insert = (emoji: string) => {
    const at = area.current?.selectionStart ?? text.value.length;
    const until = area.current?.selectionEnd ?? at;
    text.value = text.value.slice(0, at) + emoji + text.value.slice(until);
    queueMicrotask(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <EmojiPicker pick={insert} />
      <button
        type="button"
        class="icon"
        aria-label={say.attach}
        title={say.attach}
        onClick={() => (isAttaching.value = true)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M13.5 6.5 8 12a1.4 1.4 0 0 0 2 2l6-6a3.2 3.2 0 0 0-4.6-4.6l-6.4 6.4a5 5 0 0 0 7.2 7.2L16.5 12.5" />
        </svg>
      </button>
      <textarea
        ref={area}
        rows={1}
        aria-label={say.write}
        placeholder={say.write}
        value={text.value}
        onInput={(event) => (text.value = event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" class="primary">
        {say.send}
      </button>
      {isAttaching.value && (
        <Attach
          account={account}
          conversation={conversation}
          close={() => (isAttaching.value = false)}
        />
      )}
    </form>
  );
}
