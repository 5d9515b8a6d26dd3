/** What ends something: a new secret, a ban, the end of the app. */

import { useSignal } from "@preact/signals";
import { admin } from "../../admin";
import { type App, forget } from "../../apps";
import { Confirm } from "../../part/confirm";
import { Deed } from "../../part/deed";
import { toast, toastFailure } from "../../part/toast";
import { api } from "../../route_match";
import { go } from "../../router";
import { words } from "./words";

interface Props {
  app: App;
  changed: (app: App) => void;
  /** It has a new secret, which is to be shown. */
  renewed: (app: App) => void;
}

export function Danger({ app, changed, renewed }: Props) {
  const asking = useSignal<"rotate" | "ban" | "remove" | undefined>(undefined);
  const say = words.value;
  const path = api`/apps/${app.appId}`;
  const close = () => {
    asking.value = undefined;
  };
  const rotate = async () => renewed(await admin.post<App>(`${path}/rotate-secret`));
  const ban = async () => {
    changed(await admin.post<App>(`${path}/ban`));
    toast(say.done.ban);
  };
  const unban = async () => {
    changed(await admin.post<App>(`${path}/unban`));
    toast(say.done.unban);
  };
  const remove = async () => {
    await admin.delete(path);
    forget(app.appId);
    toast(say.done.remove(app.name));
    go("#/apps");
  };
  return (
    <section class="section">
      <h2>{say.danger}</h2>
      <ul class="panel deeds">
        <Deed hint={say.rotateHint} action={say.rotate} run={() => (asking.value = "rotate")} />
        {app.banned ? (
          <Deed hint={say.unbanHint} action={say.unban} run={() => unban().catch(toastFailure)} />
        ) : (
          <Deed hint={say.banHint} action={say.ban} run={() => (asking.value = "ban")} />
        )}
        <Deed hint={say.removeHint} action={say.remove} run={() => (asking.value = "remove")} />
      </ul>
      {asking.value === "rotate" && (
        <Confirm
          title={say.rotateQuestion(app.name)}
          action={say.rotateAction}
          submit={rotate}
          close={close}
        >
          {say.rotateHint}
        </Confirm>
      )}
      {asking.value === "ban" && (
        <Confirm title={say.banQuestion(app.name)} action={say.ban} submit={ban} close={close}>
          {say.banHint}
        </Confirm>
      )}
      {asking.value === "remove" && (
        <Confirm
          title={say.removeQuestion(app.name)}
          action={say.remove}
          name={app.name}
          submit={remove}
          close={close}
        >
          {say.removeHint}
        </Confirm>
      )}
    </section>
  );
}
