/** Whose messages an account refuses. */

import { useSignal } from "@preact/signals";
import { Dialog } from "../../../part/dialog";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import { type Page, usePages } from "../../pages";
import { Loaded } from "../../part/loaded";
import { More } from "../../part/more";
import { type Column, Table } from "../../part/table";
import { toast, toastFailure } from "../../part/toast";
import { to } from "../../route_match";
import { isAdmin } from "../../session";
import { words } from "./words";

interface Blocked {
  account: string;
  uuid: string;
}

interface Answer extends Page {
  accounts: Blocked[];
}

/** `path` is the account's in the admin API. */
export function Blacklist({ app, path }: { app: string; path: string }) {
  const pages = usePages<Answer>(`${path}/blacklist`);
  const rows = pages.all.value.flatMap(({ accounts }) => accounts);
  const isBlocking = useSignal(false);
  const say = words.value;
  const of = (name: string) => `${path}/blacklist/${encodeURIComponent(name)}`;
  const block = async (name: string) => {
    await admin.put(of(name));
    toast(say.blocked(name));
    await pages.first.reload();
  };
  const unblock = async (name: string) => {
    await admin.delete(of(name));
    toast(say.unblocked(name));
    await pages.first.reload();
  };
  return (
    <section class="section">
      <h2>{say.blacklist}</h2>
      <p class="hint">{say.blacklistHint}</p>
      <Loaded of={pages.first}>
        {() =>
          rows.length === 0 ? (
            <p class="muted">{say.noBlocked}</p>
          ) : (
            <>
              <Table
                label={say.blacklist}
                columns={columns(app, unblock)}
                rows={rows}
                keyOf={({ uuid }) => uuid}
                onEnd={pages.more}
              />
              {pages.hasMore.value && <More load={pages.more} />}
            </>
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

function columns(app: string, unblock: (name: string) => Promise<void>): Column<Blocked>[] {
  const say = words.value;
  const shown: Column<Blocked>[] = [
    {
      title: say.account,
      cell: ({ account }) => <a href={to`/apps/${app}/accounts/${account}`}>{account}</a>,
    },
    { title: say.uuid, cell: ({ uuid }) => <code>{uuid}</code>, isExtra: true },
  ];
  const lift: Column<Blocked> = {
    title: say.unblock,
    cell: ({ account }) => (
      <button type="button" onClick={() => unblock(account).catch(toastFailure)}>
        {say.unblock}
        <span class="spoken"> {account}</span>
      </button>
    ),
    isActions: true,
  };
  return isAdmin.value ? [...shown, lift] : shown;
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
