/** One message: a bubble, its time and how far it got. */

import { clock } from "../look/language";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { isNote } from "../model/format";
import { compare } from "../model/sequence";
import type { Shown } from "../model/timeline";
import { Attached } from "./attached";
import { note } from "./summary";
import { why } from "./why";
import { words } from "./words";

interface Props {
  account: Account;
  conversation: Conversation;
  message: Shown;
  /** Drawn above the first message of a day. */
  day: string | undefined;
  /** Of the same sender as the one above. */
  isFollowing: boolean;
}

export function Message({ account, conversation, message, day, isFollowing }: Props) {
  const isMine = message.from === account.name;
  if (isNote(message.content)) {
    return (
      <>
        {day && <p class="day">{day}</p>}
        <p class="note">{note(message, account.name)}</p>
      </>
    );
  }
  return (
    <>
      {day && <p class="day">{day}</p>}
      {!isMine && conversation.isGroup && !isFollowing && <p class="from">{message.from}</p>}
      <article class={`message ${isMine ? "mine" : "theirs"}`} data-state={message.state}>
        <div class={message.isRecalled ? "bubble recalled" : "bubble"}>
          <Body account={account} conversation={conversation} message={message} />
        </div>
        <p class="meta">
          {isMine && !message.isRecalled && message.state === "sent" && message.frame.id !== "" && (
            <button
              type="button"
              class="quiet recall"
              onClick={() => account.send(conversation, { kind: "recall", of: message.frame.id })}
            >
              {words.value.recall}
            </button>
          )}
          <time>{clock(message.time)}</time>
          {isMine && !message.isRecalled && (
            <Mark account={account} conversation={conversation} message={message} />
          )}
        </p>
      </article>
    </>
  );
}

type Inner = Pick<Props, "account" | "conversation" | "message">;

function Body({ account, conversation, message }: Inner) {
  const say = words.value;
  const { content, from } = message;
  if (message.isRecalled) {
    return <p>{say.recalled}</p>;
  }
  switch (content.kind) {
    case "attachment":
      return <Attached content={content} />;
    case "friendRequest":
      return <FriendRequest account={account} conversation={conversation} message={message} />;
    case "friendAnswer":
      return <p>{content.accepted ? say.accepted : say.declined}</p>;
    case "text":
      return <p dir="auto">{content.text}</p>;
    default:
      return <p>{from}</p>;
  }
}

function FriendRequest({ account, conversation, message }: Inner) {
  const say = words.value;
  if (message.from === account.name) {
    return <p>{say.askedFriend}</p>;
  }
  const answer = (accepted: boolean) =>
    account.send(conversation, { kind: "friendAnswer", accepted });
  return (
    <>
      <p>{say.askFriend(message.from)}</p>
      {!message.isAnswered && (
        <p class="actions">
          <button type="button" onClick={() => answer(false)}>
            {say.decline}
          </button>
          <button type="button" class="primary" onClick={() => answer(true)}>
            {say.accept}
          </button>
        </p>
      )}
    </>
  );
}

/** On its way, with the server, or read. */
function Mark({ account, conversation, message }: Inner) {
  const say = words.value;
  if (message.state === "failed") {
    return (
      <span class="error">
        {say.failed}: {why(message.reason ?? "")}{" "}
        <button type="button" class="quiet" onClick={() => account.retry(conversation, message)}>
          {say.retry}
        </button>
      </span>
    );
  }
  const isRead =
    message.state === "sent" && compare(message.sequence, conversation.readTheirs.value) <= 0;
  const [sign, meaning] =
    message.state === "sending" ? ["…", say.sending] : isRead ? ["✓✓", say.read] : ["✓", say.sent];
  return (
    <span class={isRead ? "mark read" : "mark"} role="img" aria-label={meaning} title={meaning}>
      {sign}
    </span>
  );
}
