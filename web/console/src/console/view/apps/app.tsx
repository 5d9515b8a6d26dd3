/** One app: its keys, its settings, and what can be done to it. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type App, remember } from "../../apps";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { Time } from "../../part/time";
import { Value } from "../../part/value";
import { useAdmin } from "../../resource";
import { api, to } from "../../route_match";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import { Danger } from "./danger";
import { Keys } from "./keys";
import { SettingsForm } from "./settings_form";
import { words } from "./words";

export function View({ params: { app: id = "" } }: ViewProps) {
  const app = useAdmin<App>(api`/apps/${id}`);
  const renewed = useSignal<App | undefined>(undefined);
  const say = words.value;
  const changed = (now: App) => {
    remember(now);
    app.data.value = now;
  };
  useEffect(() => {
    if (app.data.value) {
      remember(app.data.value);
    }
  }, [app.data.value]);
  return (
    <>
      <Head hint={say.appHint}>
        <a class="button" href={to`/apps/${id}/start`}>
          {say.quickStart}
        </a>
      </Head>
      <Loaded of={app}>
        {(shown) => (
          <>
            {shown.banned && (
              <p class="callout section" role="status">
                {say.isBanned}
              </p>
            )}
            <Identity app={shown} />
            <SettingsForm app={shown} changed={changed} />
            {isAdmin.value && (
              <Danger
                app={shown}
                changed={changed}
                renewed={(now) => {
                  changed(now);
                  renewed.value = now;
                }}
              />
            )}
          </>
        )}
      </Loaded>
      {renewed.value && <Keys app={renewed.value} close={() => (renewed.value = undefined)} />}
    </>
  );
}

function Identity({ app }: { app: App }) {
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.identity}</h2>
      <dl class="facts">
        <dt>appId</dt>
        <dd>
          <Value text={app.appId} what="appId" />
        </dd>
        <dt>appKey</dt>
        <dd>
          <Value text={app.appKey} what="appKey" />
        </dd>
        <dt>appSecret</dt>
        <dd class="muted">{say.secretNote}</dd>
        {app.callbackSecret !== undefined && (
          <>
            <dt>callbackSecret</dt>
            <dd>
              <Value text={app.callbackSecret} what="callbackSecret" isSecret />
              <span class="muted">{say.callbackSecretNote}</span>
            </dd>
          </>
        )}
        <dt>{say.package}</dt>
        <dd>
          <code>{app.package}</code>
        </dd>
        <dt>{say.created}</dt>
        <dd>
          <Time at={app.createdAt} isExact />
        </dd>
      </dl>
    </section>
  );
}
