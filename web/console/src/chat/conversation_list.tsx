/** Who one has talked with, the newest first. */

import { useSignal } from "@preact/signals";
import { clock } from "../look/language";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { NewChat } from "./new_chat";
import { summary } from "./summary";
import { words } from "./words";

export function ConversationList({ account, leave }: { account: Account; leave: () => void }) {
  const isStarting = useSignal(false);
  const say = words.value;
  const conversations = account.conversations.value;
  return (
    <nav class="list" aria-label={say.conversations}>
      <div class="list-head">
        <strong class="name" title={account.name}>
          {account.name}
        </strong>
        <button type="button" class="quiet" onClick={leave}>
          {say.signOut}
        </button>
      </div>
      <button type="button" class="primary new" onClick={() => (isStarting.value = true)}>
        {say.newChat}
      </button>
      {isStarting.value && <NewChat account={account} close={() => (isStarting.value = false)} />}
      <div role="alert">
        {account.hasFailed.value && (
          <p class="empty">
            {say.listFailed}{" "}
            <button type="button" onClick={() => account.load()}>
              {say.retry}
            </button>
          </p>
        )}
      </div>
      {conversations.length === 0 && !account.hasFailed.value && (
        <p class="empty">{say.noConversations}</p>
      )}
      <ul>
        {conversations.map((conversation) => (
          <li key={conversation.key}>
            <Row account={account} conversation={conversation} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Row({ account, conversation }: { account: Account; conversation: Conversation }) {
  const { last, unread } = conversation;
  const isOpen = account.open.value === conversation;
  return (
    <button
      type="button"
      class="row"
      aria-current={isOpen ? "true" : undefined}
      onClick={() => account.show(conversation)}
    >
      <span class="avatar" data-hue={hue(conversation.id)} aria-hidden="true">
        {conversation.isGroup ? "#" : [...conversation.title.value][0]}
      </span>
      <span class="row-text">
        <span class="row-title">{conversation.title.value}</span>
        <span class="row-last">
          {last.value && summary(last.value, account.name, conversation.isGroup)}
        </span>
      </span>
      <span class="row-side">
        {last.value && <time>{clock(last.value.time)}</time>}
        {unread.value > 0 && (
          <span class="badge">
            <span aria-hidden="true">{unread.value > 99 ? "99+" : unread.value}</span>
            <span class="spoken">{words.value.unread(unread.value)}</span>
          </span>
        )}
      </span>
    </button>
  );
}

/** One of six colours, always the same for a name. */
function hue(id: string): number {
  return [...id].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997, 7) % 6;
}
