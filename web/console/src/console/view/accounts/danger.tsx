/** What ends sessions of an account. */

import { useSignal } from "@preact/signals";
import { admin } from "../../admin";
import { Confirm } from "../../part/confirm";
import { Deed } from "../../part/deed";
import { toast, toastFailure } from "../../part/toast";
import type { Account } from "./account_data";
import { words } from "./words";

interface Props {
  /** The account's in the admin API. */
  path: string;
  account: Account;
  changed: () => Promise<void>;
}

export function Danger({ path, account, changed }: Props) {
  const asking = useSignal<"kick" | "ban" | undefined>(undefined);
  const say = words.value;
  const close = () => {
    asking.value = undefined;
  };
  const kick = async () => {
    const { sessions } = await admin.post<{ sessions: number }>(`${path}/kick`);
    toast(say.kicked(sessions));
    await changed();
  };
  const put = async (verb: "ban" | "unban") => {
    await admin.post(`${path}/${verb}`);
    toast(say.done[verb]);
    await changed();
  };
  return (
    <section class="section">
      <h2>{say.danger}</h2>
      <ul class="panel deeds">
        <Deed hint={say.kickHint} action={say.kick} run={() => (asking.value = "kick")} />
        {account.banned ? (
          <Deed
            hint={say.unbanHint}
            action={say.unban}
            run={() => put("unban").catch(toastFailure)}
          />
        ) : (
          <Deed hint={say.banHint} action={say.ban} run={() => (asking.value = "ban")} />
        )}
      </ul>
      {asking.value === "kick" && (
        <Confirm
          title={say.kickQuestion(account.account)}
          action={say.kick}
          submit={kick}
          close={close}
        >
          {say.kickHint}
        </Confirm>
      )}
      {asking.value === "ban" && (
        <Confirm
          title={say.banQuestion(account.account)}
          action={say.ban}
          submit={() => put("ban")}
          close={close}
        >
          {say.banHint}
        </Confirm>
      )}
    </section>
  );
}
