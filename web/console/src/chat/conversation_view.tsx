/** One conversation: who it is with, what was said, where to write. */

import { useSignal } from "@preact/signals";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { Composer } from "./composer";
import { GroupMembers } from "./group_members";
import { MessageLog } from "./message_log";
import { Blocked, PersonActions } from "./person_actions";
import { words } from "./words";

interface Props {
  account: Account;
  conversation: Conversation;
}

export function ConversationView({ account, conversation }: Props) {
  return (
    <section class="talk" aria-label={conversation.title.value}>
      <Head account={account} conversation={conversation} />
      <MessageLog account={account} conversation={conversation} />
      {!conversation.isGroup && <Blocked account={account} conversation={conversation} />}
      {conversation.isOver.value ? (
        <p class="notice">{words.value.groupIsOver}</p>
      ) : (
        <Composer account={account} conversation={conversation} />
      )}
    </section>
  );
}

function Head({ account, conversation }: Props) {
  const say = words.value;
  return (
    <header class="talk-head">
      <button
        type="button"
        class="icon back"
        aria-label={say.back}
        title={say.back}
        onClick={() => account.show(undefined)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M12 4.5 6.5 10l5.5 5.5" />
        </svg>
      </button>
      <div class="talk-title">
        <h2>{conversation.title.value}</h2>
        <p class="me">{say.signedInAs(account.name)}</p>
      </div>
      {conversation.isGroup ? (
        <GroupActions account={account} conversation={conversation} />
      ) : (
        <PersonActions account={account} conversation={conversation} />
      )}
    </header>
  );
}

function GroupActions({ account, conversation }: Props) {
  const isOpen = useSignal(false);
  const count = conversation.members.value.length;
  if (conversation.isOver.value) {
    return null;
  }
  return (
    <>
      <button type="button" class="quiet" onClick={() => (isOpen.value = true)}>
        {count === 0 ? words.value.members : words.value.memberCount(count)}
      </button>
      {isOpen.value && (
        <GroupMembers
          account={account}
          conversation={conversation}
          close={() => (isOpen.value = false)}
        />
      )}
    </>
  );
}
