/** A new app, or one that moves here from MIMC with its credentials. */

import { useSignal } from "@preact/signals";
import { language } from "../../../look/language";
import { Dialog } from "../../../part/dialog";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import { type App, remember } from "../../apps";
import { useFaults } from "../../part/faults";
import { words } from "./words";

const FIELDS = ["name", "package", "appId", "appKey", "appSecret"] as const;

interface Props {
  made: (app: App) => void;
  close: () => void;
}

export function NewApp({ made, close }: Props) {
  const name = useSignal("");
  const packageName = useSignal("");
  const isMoving = useSignal(false);
  const appId = useSignal("");
  const appKey = useSignal("");
  const appSecret = useSignal("");
  const faults = useFaults(FIELDS);
  const say = words.value;

  const submit = async () => {
    faults.clear();
    const app = await admin.post<App>("/apps", {
      name: name.value,
      package: packageName.value,
      ...(isMoving.value && {
        appId: appId.value.trim(),
        appKey: appKey.value.trim(),
        appSecret: appSecret.value.trim(),
      }),
    });
    remember(app);
    made(app);
  };
  return (
    <Dialog
      title={say.newApp}
      action={say.create}
      submit={submit}
      showsItself={(error) => faults.take(error)}
      close={close}
    >
      <Field label={say.name} hint={say.nameHint} text={name} error={faults.of("name")} />
      <Field
        label={say.package}
        hint={say.packageHint}
        text={packageName}
        error={faults.of("package")}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={isMoving.value}
          onChange={(event) => (isMoving.value = event.currentTarget.checked)}
        />
        {say.moves}
      </label>
      {isMoving.value && (
        <>
          <p class="hint">
            {say.movesHint}{" "}
            <a href={`/docs/${language.value}/moving-from-mimc`}>{say.movesGuide}</a>
          </p>
          <Field label="appId" text={appId} error={faults.of("appId")} inputMode="numeric" />
          <Field label="appKey" text={appKey} error={faults.of("appKey")} />
          <Field
            label="appSecret"
            text={appSecret}
            error={faults.of("appSecret")}
            type="password"
          />
        </>
      )}
    </Dialog>
  );
}
