/** Whether a callback that a backend received is from here: what the backend should find, too. */

import { useSignal } from "@preact/signals";
import { useEffect, useId } from "preact/hooks";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import { useFaults } from "../../part/faults";
import { Head } from "../../part/head";
import { Tag } from "../../part/tag";
import { toastFailure } from "../../part/toast";
import { Value } from "../../part/value";
import { useAdmin } from "../../resource";
import { api } from "../../route_match";
import { place } from "../../router";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import type { CallbackDetail, Verdict } from "./callback_data";
import { words } from "./words";

export function View({ params: { app = "" } }: ViewProps) {
  const say = words.value;
  return (
    <>
      <Head hint={say.verifyHint} />
      {isAdmin.value ? <Form app={app} /> : <p class="muted">{say.adminOnly}</p>}
    </>
  );
}

function Form({ app }: { app: string }) {
  const body = useSignal("");
  const id = useSignal("");
  const timestamp = useSignal("");
  const signature = useSignal("");
  const verdict = useSignal<Verdict | undefined>(undefined);
  const faults = useFaults(["id", "timestamp", "signature", "body"]);
  const area = useId();
  const say = words.value;

  const from = place.value.query.get("of");
  const filled = useAdmin<CallbackDetail>(
    from === null ? undefined : api`/apps/${app}/callbacks/${from}`,
  ).data.value?.request;
  useEffect(() => {
    if (filled) {
      const header = (name: string) =>
        Object.entries(filled.headers).find(([key]) => key.toLowerCase() === name)?.[1] ?? "";
      body.value = filled.body;
      id.value = header("webhook-id");
      timestamp.value = header("webhook-timestamp");
      signature.value = header("webhook-signature");
    }
  }, [filled]);

  const check = async (event: Event) => {
    event.preventDefault();
    verdict.value = undefined;
    faults.clear();
    try {
      verdict.value = await admin.post<Verdict>(api`/apps/${app}/callbacks/verify`, {
        body: body.value,
        id: id.value.trim(),
        timestamp: timestamp.value.trim(),
        signature: signature.value.trim(),
      });
    } catch (error) {
      if (!faults.take(error)) {
        toastFailure(error);
      }
    }
  };
  return (
    <form class="form" onSubmit={check}>
      <Field label={say.idLabel} text={id} error={faults.of("id")} />
      <Field
        label={say.timestampLabel}
        text={timestamp}
        error={faults.of("timestamp")}
        inputMode="numeric"
      />
      <Field label={say.signatureLabel} text={signature} error={faults.of("signature")} />
      <p class="field">
        <label for={area}>{say.bodyLabel}</label>
        <textarea
          id={area}
          rows={8}
          spellcheck={false}
          value={body.value}
          onInput={(event) => (body.value = event.currentTarget.value)}
        />
        {from === null && <span class="hint">{say.fromHere}</span>}
      </p>
      <p class="actions">
        <button type="submit" class="primary">
          {say.check}
        </button>
      </p>
      <div role="status">{verdict.value && <Outcome verdict={verdict.value} />}</div>
    </form>
  );
}

function Outcome({ verdict }: { verdict: Verdict }) {
  const say = words.value;
  return (
    <div class="panel">
      <p>
        <Tag tone={verdict.valid ? "good" : "bad"}>{verdict.valid ? say.valid : say.invalid}</Tag>
      </p>
      <p>{verdict.sentence[language.value]}</p>
      {!verdict.valid && verdict.expected && (
        <p>
          {say.expected} <Value text={verdict.expected} what={say.signatureLabel} />
        </p>
      )}
    </div>
  );
}
