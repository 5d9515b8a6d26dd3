/** Whose messages an account refuses. */

import { useSignal } from "@preact/signals";
import { Dialog } from "../../../part/dialog";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import { Loaded } from "../../part/loaded";
import { toast, toastFailure } from "../../part/toast";
import { useAdmin } from "../../resource";
import { to } from "../../route_match";
import { isAdmin } from "../../session";
import { words } from "./words";

/** `path` is the account's in the admin API. */
export function Blacklist({ app, path }: { app: string; path: string }) {
  const list = useAdmin<{ accounts: { account: string; uuid: string }[] }>(`${path}/blacklist`);
  const isBlocking = useSignal(false);
  const say = words.value;
  const of = (name: string) => `${path}/blacklist/${encodeURIComponent(name)}`;
  const block = async (name: string) => {
    await admin.put(of(name));
    toast(say.blocked(name));
    await list.reload();
  };
  const unblock = async (name: string) => {
    await admin.delete(of(name));
    toast(say.unblocked(name));
    await list.reload();
  };
  return (
    <section class="section">
      <h2>{say.blacklist}</h2>
      <p class="hint">{say.blacklistHint}</p>
      <Loaded of={list}>
        {({ accounts }) =>
          accounts.length === 0 ? (
            <p class="muted">{say.noBlocked}</p>
          ) : (
            <ul class="panel deeds">
              {accounts.map(({ account, uuid }) => (
                <li key={uuid}>
                  <a href={to`/apps/${app}/accounts/${account}`}>{account}</a>
                  {isAdmin.value && (
                    <button type="button" onClick={() => unblock(account).catch(toastFailure)}>
                      {say.unblock}
                      <span class="spoken"> {account}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdmin.value && (
        <p class="after">
          <button type="button" onClick={() => (isBlocking.value = true)}>
            {say.block}
          </button>
        </p>
      )}
      {isBlocking.value && <Block block={block} close={() => (isBlocking.value = false)} />}
    </section>
  );
}

function Block({ block, close }: { block: (name: string) => Promise<void>; close: () => void }) {
  const name = useSignal("");
  const say = words.value;
  return (
    <Dialog
      title={say.block}
      action={say.blockAction}
      isReady={name.value.trim() !== ""}
      submit={() => block(name.value.trim())}
      close={close}
    >
      <Field label={say.account} hint={say.blockHint} text={name} />
    </Dialog>
  );
}
