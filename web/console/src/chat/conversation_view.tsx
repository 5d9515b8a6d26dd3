/** One conversation: who it is with, what was said, where to write. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { words } from "../look/language";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { Composer } from "./composer";
import { GroupMembers } from "./group_members";
import { MessageLog } from "./message_log";

interface Props {
  account: Account;
  conversation: Conversation;
}

export function ConversationView({ account, conversation }: Props) {
  return (
    <section class="talk" aria-label={conversation.title.value}>
      <Head account={account} conversation={conversation} />
      <MessageLog account={account} conversation={conversation} />
      <Composer account={account} conversation={conversation} />
    </section>
  );
}

function Head({ account, conversation }: Props) {
  const say = words.value;
  return (
    <header class="talk-head">
      <button type="button" class="quiet back" onClick={() => account.show(undefined)}>
        <span aria-hidden="true">←</span> {account.name}
        <span class="spoken">: {say.back}</span>
      </button>
      <h2>{conversation.title.value}</h2>
      {conversation.isGroup ? (
        <GroupActions account={account} conversation={conversation} />
      ) : (
        <PersonActions account={account} conversation={conversation} />
      )}
    </header>
  );
}

function PersonActions({ account, conversation }: Props) {
  const say = words.value;
  const presence = conversation.presence.value;
  return (
    <>
      <button
        type="button"
        class="quiet presence"
        data-presence={presence}
        onClick={() => account.ping(conversation)}
        aria-live="polite"
      >
        {
          { unknown: say.isOnline, asking: say.asking, online: say.online, silent: say.silent }[
            presence
          ]
        }
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() => account.send(conversation, { kind: "friendRequest" })}
      >
        {say.addFriend}
      </button>
    </>
  );
}

function GroupActions({ account, conversation }: Props) {
  const isOpen = useSignal(false);
  const count = conversation.members.value.length;
  useEffect(() => {
    account.groups.refresh(conversation).catch(() => {});
  }, [conversation]);
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
