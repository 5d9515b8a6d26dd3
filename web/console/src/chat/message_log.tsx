/**
 * What was said, the newest at the bottom. It stays there while new messages come, unless the reader
 * has scrolled up; earlier ones are loaded at the top and do not move what is being read.
 */

import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { day } from "../look/language";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { isNote } from "../model/format";
import type { Shown } from "../model/timeline";
import { Message } from "./message";
import { words } from "./words";

/** Nearer to an end than this is there, in pixels. */
const NEAR = 80;

interface Props {
  account: Account;
  conversation: Conversation;
}

export function MessageLog({ account, conversation }: Props) {
  const log = useRef<HTMLDivElement>(null);
  const messages = conversation.shown.value;
  const say = words.value;

  useScroll(log, messages);
  useReading(account, conversation, messages);
  const onScroll = () => {
    if ((log.current?.scrollTop ?? NEAR) < NEAR && !conversation.hasFailed.value) {
      account.history.loadEarlier(conversation);
    }
  };
  return (
    <div
      ref={log}
      class="log"
      role="log"
      aria-label={say.messages}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onScroll={onScroll}
    >
      <Earlier account={account} conversation={conversation} />
      {messages.length === 0 && !conversation.hasEarlier.value && (
        <p class="empty">{say.noMessages}</p>
      )}
      {messages.map((message, at) => (
        <Message
          key={keyOf(message)}
          account={account}
          conversation={conversation}
          message={message}
          day={newDay(messages[at - 1], message)}
          isFollowing={isFollowing(messages[at - 1], message)}
        />
      ))}
    </div>
  );
}

/** Leads to what was said before, and says when that could not be had. */
function Earlier({ account, conversation }: Props) {
  const say = words.value;
  const hasFailed = conversation.hasFailed.value;
  return (
    <div class="earlier">
      <div role="alert">{hasFailed && <p class="error">{say.historyFailed}</p>}</div>
      {conversation.hasEarlier.value && (
        <button
          type="button"
          class={hasFailed ? undefined : "quiet"}
          disabled={conversation.isLoading.value}
          onClick={() => account.history.loadEarlier(conversation)}
        >
          {hasFailed ? say.retry : say.earlier}
        </button>
      )}
    </div>
  );
}

/** A message keeps its key from the moment of writing on. */
function keyOf({ from, frame, sequence }: Shown): string {
  return frame.id === "" ? sequence : `${from}\n${frame.id}`;
}

function newDay(before: Shown | undefined, message: Shown): string | undefined {
  const today = day(message.time);
  return before !== undefined && day(before.time) === today ? undefined : today;
}

/** Whether both are one person's words, with nothing between them. */
function isFollowing(before: Shown | undefined, message: Shown): boolean {
  return before !== undefined && before.from === message.from && !isNote(before.content);
}

type Log = { current: HTMLDivElement | null };

function useScroll(log: Log, messages: readonly Shown[]) {
  /** How far the reader was from the bottom, before what is drawn now. */
  const toBottom = useRef(0);
  const first = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    const element = log.current;
    if (element === null) {
      return undefined;
    }
    const top = messages[0] && keyOf(messages[0]);
    const isPrepended = top !== first.current;
    first.current = top;
    if (isPrepended || toBottom.current < NEAR) {
      const distance = toBottom.current < NEAR ? 0 : toBottom.current;
      element.scrollTop = element.scrollHeight - element.clientHeight - distance;
    }
    const measure = () => {
      toBottom.current = element.scrollHeight - element.clientHeight - element.scrollTop;
    };
    measure();
    element.addEventListener("scroll", measure);
    return () => element.removeEventListener("scroll", measure);
  }, [messages]);
}

/** What is on the screen of somebody who looks at the page has been read. */
function useReading(account: Account, conversation: Conversation, messages: readonly Shown[]) {
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && account.markRead(conversation);
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [conversation, messages]);
}
