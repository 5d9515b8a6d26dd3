/** One request, filled in and sent. */

import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { milliseconds } from "../../../../look/figures";
import { language } from "../../../../look/language";
import { Field } from "../../../../part/field";
import { type App, apps, knownSecret } from "../../../apps";
import { Code } from "../../../part/code";
import { Prose } from "../../../part/prose";
import { Switch } from "../../../part/switch";
import { Tag } from "../../../part/tag";
import { toastFailure } from "../../../part/toast";
import { setQuery } from "../../../router";
import { ended, isAdmin, session } from "../../../session";
import { readable } from "../../callbacks/readable";
import { AppChoice, chosenApp } from "../chosen_app";
import { mint } from "../tokens_of";
import { words } from "../words";
import type { Identity, Operation, Parameter } from "./operations";
import { accountHeaders, byToken, curl, type Request, requestOf } from "./request";

interface Answer {
  status: number;
  tookMs: number;
  headers: string;
  body: string;
}

export function Trial({ operation }: { operation: Operation }) {
  const app = chosenApp();
  const identity = useSignal<Identity>(operation.identities[0] ?? "none");
  const account = useSignal("alice");
  const secret = useSignal(app === undefined ? "" : (knownSecret(app.appId) ?? ""));
  const values = useSignal(initialValues(operation, app));
  const body = useSignal(
    operation.body === undefined ? "" : JSON.stringify(filled(operation.body, app), undefined, 2),
  );
  const sent = useSignal<{ request: Request; answer: Answer | undefined } | undefined>(undefined);
  const say = words.value;
  const bodyId = useId();
  const isJson = operation.body === undefined || parses(body.value);
  const isAdminApi = operation.api === "admin";
  const isOfAnApp = !isAdminApi || operation.parameters.some(({ name }) => name === "appId");
  const isRefused = operation.isForAdmins && !isAdmin.value;
  const summary = operation.summary[language.value];

  const run = async (event: Event) => {
    event.preventDefault();
    try {
      const who = await identityHeaders(identity.value, app, account.value, secret.value);
      // The app's secret goes into the body, too, where the request has it there.
      const text = body.value.replace('"APP_SECRET"', JSON.stringify(secret.value));
      const request = requestOf(operation, values.value, who, text);
      const answer = await answerTo(request);
      sent.value = { request, answer };
      if (identity.value === "console" && answer?.status === 401) {
        ended();
      }
    } catch (error) {
      toastFailure(error);
    }
  };
  return (
    <section class="trial" aria-label={summary}>
      <button
        type="button"
        class="explorer-back"
        onClick={() => setQuery({ call: "", api: operation.api })}
      >
        {say.allRequests}
      </button>
      <h2>{summary}</h2>
      <p>
        <code>
          {operation.method} {operation.path}
        </code>
      </p>
      <p class="hint" lang="en">
        <Prose text={operation.description} />
      </p>
      <form class="form" onSubmit={run}>
        {(apps.value?.length ?? 0) > 0 && isOfAnApp && <AppChoice />}
        {operation.identities.length > 1 && (
          <Switch
            label={say.actAs}
            chosen={identity.value}
            choose={(name) => (identity.value = name)}
            choices={operation.identities.map((name) => ({ name, title: say.as[name] }))}
          />
        )}
        {(identity.value === "token" || identity.value === "app") && (
          <Field label={say.account} text={account} />
        )}
        {(identity.value === "app" || body.value.includes('"APP_SECRET"')) && (
          <Field label="appSecret" hint={say.secretHint} text={secret} type="password" />
        )}
        {operation.parameters.map((parameter) => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            text={{
              get value() {
                return values.value[parameter.name] ?? "";
              },
              set value(text: string) {
                values.value = { ...values.value, [parameter.name]: text };
              },
            }}
          />
        ))}
        {operation.body !== undefined && (
          <p class="field">
            <label for={bodyId}>{say.body}</label>
            <textarea
              id={bodyId}
              class="code-input"
              rows={Math.min(16, body.value.split("\n").length + 1)}
              spellcheck={false}
              aria-invalid={!isJson}
              value={body.value}
              onInput={(event) => (body.value = event.currentTarget.value)}
            />
            {!isJson && <span class="error">{say.bodyError}</span>}
          </p>
        )}
        {operation.method !== "GET" && !isRefused && <p class="hint">{say.changes}</p>}
        {isRefused && <p class="notice">{say.needsAdmin}</p>}
        {operation.needsToken && !isRefused && <p class="notice">{say.needsToken}</p>}
        <p class="actions">
          <button type="submit" class="primary" disabled={isRefused || operation.needsToken}>
            {say.sendRequest}
          </button>
        </p>
      </form>
      {sent.value && <Outcome answer={sent.value.answer} />}
      {isAdminApi && (
        <AsCurl request={byToken(requestOf(operation, values.value, {}, body.value))} />
      )}
      {!isAdminApi && sent.value && <AsCurl request={sent.value.request} />}
    </section>
  );
}

interface ParameterProps {
  parameter: Parameter;
  text: { value: string };
}

function ParameterField({ parameter, text }: ParameterProps) {
  return (
    <Field
      label={parameter.name}
      hint={parameter.description}
      text={text}
      isOptional={parameter.required !== true}
    />
  );
}

function Outcome({ answer }: { answer: Answer | undefined }) {
  const say = words.value;
  return (
    <div role="status">
      <h3>{say.answer}</h3>
      {answer === undefined ? (
        <p class="error">{say.unreachable}</p>
      ) : (
        <>
          <p class="row-actions">
            <Tag tone={answer.status < 400 ? "good" : "bad"}>HTTP {answer.status}</Tag>
            <span class="muted">{milliseconds(answer.tookMs)}</span>
          </p>
          <Code label={say.answer} text={readable(answer.body)} />
          <details>
            <summary>{say.answerHead}</summary>
            <Code label={say.answerHead} text={answer.headers} />
          </details>
        </>
      )}
    </div>
  );
}

function AsCurl({ request }: { request: Request }) {
  const say = words.value;
  return (
    <>
      <h3>{say.asCurl}</h3>
      <Code label={say.asCurl} text={curl(location.origin, request)} />
    </>
  );
}

/** The app's own keys, where a request names them. */
function initialValues(operation: Operation, app: App | undefined): Record<string, string> {
  const own: Record<string, string | undefined> = { appId: app?.appId, appKey: app?.appKey };
  return Object.fromEntries(
    operation.parameters.map(({ name, in: at }) => [
      name,
      at === "header" ? "" : (own[name] ?? ""),
    ]),
  );
}

function filled(body: unknown, app: App | undefined): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return body;
  }
  const keys: Record<string, unknown> = {
    appId: app?.appId,
    appKey: app?.appKey,
    appSecret: "APP_SECRET",
  };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, keys[name] ?? value]),
  );
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Headers that say who asks. */
async function identityHeaders(
  identity: Identity,
  app: App | undefined,
  account: string,
  secret: string,
): Promise<Record<string, string>> {
  switch (identity) {
    case "token": {
      if (app === undefined || !isAdmin.value) {
        return {};
      }
      return { token: (await mint(app.appId, account)).data.token };
    }
    case "app":
      return { appKey: app?.appKey ?? "", appSecret: secret, ...accountHeaders(account) };
    case "console":
      return { "X-Mimc-Csrf": session.value?.csrf ?? "" };
    case "none":
      return {};
  }
}

/** `undefined`: there was none. */
async function answerTo(request: Request): Promise<Answer | undefined> {
  const began = performance.now();
  try {
    const { path, ...init } = request;
    const answer = await fetch(path, { ...init, credentials: "same-origin", cache: "no-store" });
    const body = await answer.text();
    const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    return { status: answer.status, tookMs: performance.now() - began, headers, body };
  } catch {
    return undefined;
  }
}
