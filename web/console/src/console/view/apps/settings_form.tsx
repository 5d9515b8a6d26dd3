/** The settings of an app in a form; a viewer reads them. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { bytes, count, duration } from "../../../look/figures";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import type { App, AppSettings } from "../../apps";
import { useFaults } from "../../part/faults";
import { toast, toastFailure } from "../../part/toast";
import { api } from "../../route_match";
import { isAdmin } from "../../session";
import { changes, SETTINGS, type Setting, type Texts, textsOf } from "./settings_change";
import { words } from "./words";

interface Props {
  app: App;
  changed: (app: App) => void;
}

export function SettingsForm(props: Props) {
  return isAdmin.value ? <Form {...props} /> : <Facts settings={props.app.settings} />;
}

function Form({ app, changed }: Props) {
  const texts = useSignal(textsOf(app.settings));
  const isBusy = useSignal(false);
  const faults = useFaults(SETTINGS);
  const say = words.value;
  const change = changes(app.settings, texts.value);
  const isChanged = Object.keys(change).length > 0;
  const field = useFieldTexts(texts);

  const submit = async (event: Event) => {
    event.preventDefault();
    isBusy.value = true;
    faults.clear();
    try {
      const saved = await admin.patch<App>(api`/apps/${app.appId}`, change);
      texts.value = textsOf(saved.settings);
      changed(saved);
      toast(say.saved);
    } catch (error) {
      faults.take(error) || toastFailure(error);
    }
    isBusy.value = false;
  };
  const props = (name: Setting) => ({
    text: field[name],
    error: faults.of(name),
    isOptional: true,
  });
  const number = (name: Setting) => ({ ...props(name), inputMode: "numeric" as const });
  return (
    <form class="form" onSubmit={submit} noValidate>
      <section class="section">
        <h2>{say.callbacks}</h2>
        <p class="hint">
          {say.callbacksHint} <a href={`/docs/${language.value}/callbacks`}>{say.callbacksGuide}</a>
        </p>
        <div class="form">
          <Field
            label={say.instantCallback}
            hint={say.instantHint}
            type="url"
            placeholder="https://"
            {...props("instantCallback")}
          />
          <Field
            label={say.offlineCallback}
            hint={say.offlineHint}
            type="url"
            placeholder="https://"
            {...props("offlineCallback")}
          />
        </div>
      </section>
      <section class="section">
        <h2>{say.limits}</h2>
        <p class="hint">{say.limitsHint}</p>
        <div class="form figures">
          <Field
            label={say.accountTtl}
            hint={say.ttlHint}
            unit={lifetime(texts.value.accountTtl)}
            {...number("accountTtl")}
          />
          <Field
            label={say.topicMembers}
            hint={say.topicMembersHint}
            unit={say.members}
            {...number("topicMembers")}
          />
          <Field
            label={say.maxPayload}
            hint={say.maxPayloadHint}
            unit={say.bytes}
            {...number("maxPayload")}
          />
          <Field
            label={say.retentionDays}
            hint={say.retentionHint}
            unit={say.days}
            {...number("retentionDays")}
          />
        </div>
      </section>
      <p class="actions save" data-changed={isChanged}>
        <button type="submit" class="primary" disabled={!isChanged || isBusy.value}>
          {say.save}
        </button>
        <button
          type="button"
          disabled={!isChanged}
          onClick={() => {
            texts.value = textsOf(app.settings);
            faults.clear();
          }}
        >
          {say.undo}
        </button>
      </p>
    </form>
  );
}

/** Each text as a signal of its own that a field can hold. */
function useFieldTexts(texts: { value: Texts }) {
  return useMemo(() => {
    const of = (name: Setting) => ({
      get value() {
        return texts.value[name];
      },
      set value(text: string) {
        texts.value = { ...texts.value, [name]: text };
      },
    });
    return Object.fromEntries(SETTINGS.map((name) => [name, of(name)])) as Record<
      Setting,
      { value: string }
    >;
  }, [texts]);
}

/** "seconds = 7 d". */
function lifetime(text: string): string {
  const seconds = Number(text);
  const isRead = /^\d{1,9}$/.test(text.trim()) && seconds >= 60;
  return isRead ? `${words.value.seconds} = ${duration(seconds * 1_000)}` : words.value.seconds;
}

function Facts({ settings }: { settings: AppSettings }) {
  const say = words.value;
  const ttl = settings.accountTtl;
  return (
    <section class="section">
      <h2>{say.limits}</h2>
      <dl class="facts">
        <dt>{say.instantCallback}</dt>
        <dd>{settings.instantCallback ?? say.off}</dd>
        <dt>{say.offlineCallback}</dt>
        <dd>{settings.offlineCallback ?? say.off}</dd>
        <dt>{say.accountTtl}</dt>
        <dd>{ttl === 0 ? say.forever : duration(ttl * 1_000)}</dd>
        <dt>{say.topicMembers}</dt>
        <dd>
          {count(settings.topicMembers)} {say.members}
        </dd>
        <dt>{say.maxPayload}</dt>
        <dd>{bytes(settings.maxPayload)}</dd>
        <dt>{say.retentionDays}</dt>
        <dd>
          {count(settings.retentionDays)} {say.days}
        </dd>
      </dl>
    </section>
  );
}
