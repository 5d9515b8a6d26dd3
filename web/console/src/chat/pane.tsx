/** One account's place on the page: to sign in, then to chat. Remembered until the tab is closed. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Account } from "../model/account";
import { ConversationList } from "./conversation_list";
import { ConversationView } from "./conversation_view";
import { SignIn } from "./sign_in";
import { words } from "./words";

export function Pane({ place }: { place: string }) {
  const account = useSignal<Account | undefined>(undefined);
  const key = `mimc.chat.account.${place}`;

  const enter = async (name: string) => {
    account.value = await Account.signIn(name, place);
    sessionStorage.setItem(key, name);
  };
  const leave = () => {
    sessionStorage.removeItem(key);
    account.value?.signOut();
    account.value = undefined;
  };
  useEffect(() => () => account.value?.signOut(), []);

  if (account.value === undefined) {
    return <SignIn place={place} remembered={sessionStorage.getItem(key)} enter={enter} />;
  }
  return <SignedIn account={account.value} leave={leave} />;
}

function SignedIn({ account, leave }: { account: Account; leave: () => void }) {
  const open = account.open.value;
  return (
    <section
      class="pane"
      data-open={open !== undefined}
      aria-label={words.value.signedInAs(account.name)}
    >
      <Banner account={account} />
      <div class="columns">
        <ConversationList account={account} leave={leave} />
        {open === undefined ? (
          <p class="empty pick">{words.value.pick}</p>
        ) : (
          <ConversationView key={open.key} account={account} conversation={open} />
        )}
      </div>
    </section>
  );
}

/** Says when the connection is not as it should be. */
function Banner({ account }: { account: Account }) {
  const say = words.value;
  const status = account.status.value;
  return (
    <div role="status">
      {status === "reconnecting" && <p class="banner">{say.reconnecting}</p>}
      {status === "replaced" && (
        <p class="banner">
          {say.replaced}{" "}
          <button type="button" onClick={() => account.connect()}>
            {say.useHere}
          </button>
        </p>
      )}
      {typeof status === "object" && <p class="banner">{say.refused(status.refused)}</p>}
    </div>
  );
}
