/** What one can do about the person of a conversation, beside writing. */

import { useSignal } from "@preact/signals";
import type { Account } from "../model/account";
import type { Conversation } from "../model/conversation";
import { Popup } from "./popup";
import { words } from "./words";

interface Props {
  account: Account;
  conversation: Conversation;
}

const DOTS = <path d="M10 4.5v.1M10 10v.1M10 15.5v.1" stroke-width="3" />;

export function PersonActions({ account, conversation }: Props) {
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
      <Popup label={say.more} icon={DOTS} class="menu">
        {(close) => (
          <>
            <button
              type="button"
              onClick={() => {
                close();
                account.send(conversation, { kind: "friendRequest" });
              }}
            >
              {say.addFriend}
            </button>
            <BlockButton account={account} conversation={conversation} done={close} />
          </>
        )}
      </Popup>
    </>
  );
}

/** Said above the place where one writes, as long as it is so. */
export function Blocked({ account, conversation }: Props) {
  const say = words.value;
  return (
    <div role="status">
      {conversation.isBlocked.value && (
        <p class="notice">
          {say.youBlocked(conversation.id)}{" "}
          <BlockButton account={account} conversation={conversation} done={() => {}} />
        </p>
      )}
    </div>
  );
}

/** Blocks and unblocks. What went wrong is said on the button, which is there to try again. */
function BlockButton({ account, conversation, done }: Props & { done: () => void }) {
  const isBusy = useSignal(false);
  const hasFailed = useSignal(false);
  const say = words.value;
  const isBlocked = conversation.isBlocked.value;

  const change = async () => {
    isBusy.value = true;
    hasFailed.value = false;
    try {
      await account.blacklist[isBlocked ? "unblock" : "block"](conversation);
      done();
    } catch {
      hasFailed.value = true;
    } finally {
      isBusy.value = false;
    }
  };
  return (
    <button
      type="button"
      class={isBlocked ? undefined : "danger"}
      disabled={isBusy.value}
      onClick={change}
      aria-live="polite"
    >
      {isBlocked ? say.unblock : say.block}
      {hasFailed.value && ` (${say.notDone})`}
    </button>
  );
}
