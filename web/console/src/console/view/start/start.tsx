/** The first steps with an app, in the language of the reader's choice. */

import { useSignal } from "@preact/signals";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { type App, knownSecret } from "../../apps";
import { Code } from "../../part/code";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { Tabs } from "../../part/tabs";
import { useAdmin } from "../../resource";
import { api, to } from "../../route_match";
import { place, setQuery } from "../../router";
import type { ViewProps } from "../../routes";
import * as samples from "./samples";
import { words } from "./words";

export function View({ params: { app = "" } }: ViewProps) {
  const found = useAdmin<App>(api`/apps/${app}`);
  return (
    <>
      <Head hint={words.value.hint} />
      <Loaded of={found}>{(app) => <Start app={app} />}</Loaded>
    </>
  );
}

function Start({ app }: { app: App }) {
  const secret = useSignal(knownSecret(app.appId) ?? "");
  const say = words.value;
  const values: samples.Values = {
    origin: location.origin,
    appId: app.appId,
    appKey: app.appKey,
    appSecret: secret.value.trim() || undefined,
  };
  const tabs = [
    { name: "curl", title: "curl", panel: () => <Curl values={values} /> },
    { name: "web", title: "Web", panel: () => <Web values={values} /> },
    {
      name: "java",
      title: "Java",
      panel: () => <Sdk title={say.javaTitle} text={samples.javaClient(values)} />,
    },
    {
      name: "go",
      title: "Go",
      panel: () => <Sdk title={say.goTitle} text={samples.goClient(values)} />,
    },
    { name: "rust", title: "Rust", panel: () => <Rust values={values} /> },
    { name: "cli", title: "mimc", panel: () => <Cli values={values} /> },
  ];
  return (
    <>
      <div class="form section">
        <Field
          label={say.secret}
          hint={say.secretHint}
          text={secret}
          type="password"
          placeholder={samples.UNKNOWN_SECRET}
          isOptional
        />
      </div>
      <Tabs
        label={say.languages}
        tabs={tabs}
        start={place.value.query.get("in") ?? undefined}
        onChoose={(name) => setQuery({ in: name })}
      />
      <section class="section next">
        <h2>{say.next}</h2>
        <ul>
          <li>
            <a href={`/docs/${language.value}/samples`}>{say.samples}</a>
          </li>
          <li>
            <a href={to`/apps/${app.appId}`}>{say.settings}</a>
          </li>
          <li>
            <a href="/chat">{say.chat}</a>
          </li>
        </ul>
      </section>
    </>
  );
}

interface SampleProps {
  title: string;
  hint?: string;
  text: string;
}

function Sample({ title, hint, text }: SampleProps) {
  return (
    <section class="section">
      <h2>{title}</h2>
      {hint && <p class="hint">{hint}</p>}
      <Code text={text} label={title} />
    </section>
  );
}

function Curl({ values }: { values: samples.Values }) {
  const say = words.value;
  return (
    <>
      <Sample title={say.tokenTitle} hint={say.tokenHint} text={samples.curlToken(values)} />
      <Sample title={say.pushTitle} hint={say.pushHint} text={samples.curlPush(values)} />
    </>
  );
}

function Web({ values }: { values: samples.Values }) {
  const say = words.value;
  return <Sample title={say.pageTitle} hint={say.pageHint} text={samples.webPage(values)} />;
}

function Cli({ values }: { values: samples.Values }) {
  const say = words.value;
  return (
    <>
      <Sample title={say.listenTitle} hint={say.cliHint} text={samples.cliListen(values)} />
      <Sample title={say.sendTitle} text={samples.cliSend(values)} />
    </>
  );
}

function Rust({ values }: { values: samples.Values }) {
  const say = words.value;
  return <Sample title={say.rustTitle} hint={say.rustHint} text={samples.rustClient(values)} />;
}

/** One of the original's, which has to be led here. */
function Sdk({ title, text }: { title: string; text: string }) {
  const say = words.value;
  return (
    <section class="section">
      <h2>{title}</h2>
      <p class="hint">
        {say.sdkHint} <a href={`/docs/${language.value}/moving-from-mimc`}>{say.movingGuide}</a>
      </p>
      <Code text={text} label={title} />
    </section>
  );
}
