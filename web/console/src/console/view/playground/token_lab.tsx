/** Tokens: how they are had, what is in them, and why one is refused. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { admin } from "../../admin";
import { Code } from "../../part/code";
import { Head } from "../../part/head";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import { toastFailure } from "../../part/toast";
import { to } from "../../route_match";
import { AppChoice, chosenApp } from "./chosen_app";
import { Needs } from "./needs";
import { tokenIn } from "./token_in";
import { mint } from "./tokens_of";
import { words } from "./words";

interface Explained {
  verdict: string;
  sentence: { en: string; zh: string };
  appId?: string;
  account?: string;
  uuid?: string;
  issuedAt?: number;
  expiresAt?: number;
}

export function View() {
  const pasted = useSignal("");
  return (
    <>
      <Head hint={words.value.tokenHint} />
      <Needs>
        {() => (
          <>
            <Mint use={(token) => (pasted.value = token)} />
            <Explain pasted={pasted} />
          </>
        )}
      </Needs>
    </>
  );
}

function Mint({ use }: { use: (token: string) => void }) {
  const account = useSignal("");
  const answer = useSignal<string | undefined>(undefined);
  const say = words.value;
  const run = async (event: Event) => {
    event.preventDefault();
    const app = chosenApp();
    if (app === undefined) {
      return;
    }
    try {
      const envelope = await mint(app.appId, account.value);
      answer.value = JSON.stringify(envelope, undefined, 2);
      use(envelope.data.token);
    } catch (error) {
      answer.value = undefined;
      toastFailure(error);
    }
  };
  return (
    <section class="section">
      <h2>{say.mint}</h2>
      <p class="hint">{say.mintHint}</p>
      <form class="filters" onSubmit={run}>
        <AppChoice />
        <Field label={say.account} text={account} />
        <button type="submit" class="primary">
          {say.mintAction}
        </button>
      </form>
      {answer.value && <Code label={say.minted} text={answer.value} />}
    </section>
  );
}

function Explain({ pasted }: { pasted: { value: string } }) {
  const explained = useSignal<Explained | undefined>(undefined);
  const id = useId();
  const say = words.value;
  const run = async (event: Event) => {
    event.preventDefault();
    explained.value = undefined;
    try {
      const token = tokenIn(pasted.value);
      const app = chosenApp()?.appId;
      explained.value = await admin.post<Explained>("/token/explain", { token, app });
    } catch (error) {
      toastFailure(error);
    }
  };
  return (
    <section class="section">
      <h2>{say.explain}</h2>
      <p class="hint">{say.explainHint}</p>
      <form class="form" onSubmit={run}>
        <p class="field">
          <label for={id}>{say.tokenLabel}</label>
          <textarea
            id={id}
            rows={4}
            required
            spellcheck={false}
            value={pasted.value}
            onInput={(event) => (pasted.value = event.currentTarget.value)}
          />
        </p>
        <p class="actions">
          <button type="submit" class="primary">
            {say.explainAction}
          </button>
        </p>
      </form>
      <div role="status">{explained.value && <Verdict explained={explained.value} />}</div>
    </section>
  );
}

function Verdict({ explained }: { explained: Explained }) {
  const say = words.value;
  const { verdict, sentence, appId, account, uuid, issuedAt, expiresAt } = explained;
  const isValid = verdict === "valid";
  return (
    <div class="panel after">
      <p>
        <Tag tone={isValid ? "good" : "bad"}>
          {isValid ? say.verdicts.valid : say.verdicts.other}
        </Tag>{" "}
        {sentence[language.value]}
      </p>
      <dl class="facts">
        {appId && <Fact name={say.fields.appId} value={<code>{appId}</code>} />}
        {account && (
          <Fact
            name={say.fields.account}
            value={appId ? <a href={to`/apps/${appId}/accounts/${account}`}>{account}</a> : account}
          />
        )}
        {uuid && <Fact name={say.fields.uuid} value={<code>{uuid}</code>} />}
        {issuedAt && <Fact name={say.fields.issuedAt} value={<Time at={issuedAt} isExact />} />}
        {expiresAt && <Fact name={say.fields.expiresAt} value={<Time at={expiresAt} isExact />} />}
      </dl>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: preact.ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
