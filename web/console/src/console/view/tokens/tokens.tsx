/** Tokens of operators: who has one, a new one, one that is taken back. */

import { useSignal } from "@preact/signals";
import { Dialog } from "../../../part/dialog";
import { admin } from "../../admin";
import { Confirm } from "../../part/confirm";
import { Empty } from "../../part/empty";
import { Head } from "../../part/head";
import { Icon } from "../../part/icon";
import { Loaded } from "../../part/loaded";
import { type Column, Table } from "../../part/table";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import { toast } from "../../part/toast";
import { Value } from "../../part/value";
import { useAdmin } from "../../resource";
import { api } from "../../route_match";
import { isAdmin } from "../../session";
import { NewToken } from "./new_token";
import type { MadeToken, Token } from "./token";
import { words } from "./words";

export function View() {
  const tokens = useAdmin<{ tokens: Token[] }>("/tokens");
  const isMaking = useSignal(false);
  const made = useSignal<MadeToken | undefined>(undefined);
  const revoking = useSignal<Token | undefined>(undefined);
  const say = words.value;
  const make = isAdmin.value && (
    <button type="button" class="primary" onClick={() => (isMaking.value = true)}>
      <Icon name="plus" />
      {say.newToken}
    </button>
  );
  const show = (token: MadeToken) => {
    made.value = token;
    tokens.reload();
  };
  const revoke = async ({ id }: Token) => {
    await admin.delete(api`/tokens/${id}`);
    toast(say.revoked);
    await tokens.reload();
  };
  const isEmpty = tokens.data.value?.tokens.length === 0;
  return (
    <>
      <Head hint={say.hint}>{!isEmpty && make}</Head>
      <Loaded of={tokens}>
        {({ tokens }) =>
          tokens.length === 0 ? (
            <Empty icon="key" title={say.none}>
              <p>{say.noneHint}</p>
              {make}
            </Empty>
          ) : (
            <Table
              label={say.hint}
              columns={columns((token) => (revoking.value = token))}
              rows={tokens}
              keyOf={({ id }) => id}
            />
          )
        }
      </Loaded>
      {isMaking.value && <NewToken made={show} close={() => (isMaking.value = false)} />}
      {made.value && <Made token={made.value} close={() => (made.value = undefined)} />}
      {revoking.value && (
        <Revoke token={revoking.value} revoke={revoke} close={() => (revoking.value = undefined)} />
      )}
    </>
  );
}

function columns(ask: (token: Token) => void): Column<Token>[] {
  const say = words.value;
  const shown: Column<Token>[] = [
    {
      title: say.name,
      cell: ({ name }) => name || <span class="muted">{say.unnamed}</span>,
    },
    {
      title: say.role,
      cell: ({ role }) => <Tag tone={role === "admin" ? "warn" : "plain"}>{say.roles[role]}</Tag>,
    },
    { title: say.id, cell: ({ id }) => <code>{id}</code>, isExtra: true },
    { title: say.created, cell: ({ createdAt }) => <Time at={createdAt} />, isExtra: true },
  ];
  const revoke: Column<Token> = {
    title: say.actions,
    cell: (token) => (
      <button type="button" class="danger" onClick={() => ask(token)}>
        {say.revoke}
        <span class="spoken"> {token.name || token.id}</span>
      </button>
    ),
    isActions: true,
  };
  return isAdmin.value ? [...shown, revoke] : shown;
}

function Made({ token, close }: { token: MadeToken; close: () => void }) {
  const say = words.value;
  return (
    <Dialog title={say.made} seen={say.kept} close={close} isWide>
      <p class="callout">{say.madeHint}</p>
      <Value text={token.token} what={say.token} />
    </Dialog>
  );
}

interface RevokeProps {
  token: Token;
  revoke: (token: Token) => Promise<void>;
  close: () => void;
}

function Revoke({ token, revoke, close }: RevokeProps) {
  const say = words.value;
  return (
    <Confirm
      title={say.revokeQuestion(token.name || token.id)}
      action={say.revoke}
      submit={() => revoke(token)}
      close={close}
    >
      {say.revokeHint}
    </Confirm>
  );
}
