/** "Why did it not arrive?": the way of one message, step by step. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { NONE, bytes as size } from "../../../look/figures";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { Code } from "../../part/code";
import { Empty } from "../../part/empty";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { Time } from "../../part/time";
import { Value } from "../../part/value";
import { useAdmin } from "../../resource";
import { api, to } from "../../route_match";
import { place, setQuery } from "../../router";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import { type Other, payloadText, questionOf, type Step, type Trace, toneOf } from "./trace_data";
import { words } from "./words";

/** A message that waits may be taken while one looks. */
const EVERY_MS = 5_000;

export function View({ params: { app = "" } }: ViewProps) {
  const id = place.value.query.get("id") ?? "";
  const from = place.value.query.get("from") ?? "";
  const query = from === "" ? "" : `?from=${encodeURIComponent(from)}`;
  const path = id === "" ? undefined : `${api`/apps/${app}/trace/${id}`}${query}`;
  const trace = useAdmin<Trace>(path, { everyMs: EVERY_MS });
  const say = words.value;
  return (
    <>
      <Head hint={say.hint} />
      <Question id={id} from={from} />
      {path === undefined ? (
        <Empty icon="trace" title={say.empty}>
          <p>{say.emptyHint}</p>
          <a class="button" href={`/docs/${language.value}/delivery-guarantees`}>
            {say.guide}
          </a>
        </Empty>
      ) : (
        <Loaded of={trace}>{(shown) => <Way app={app} trace={shown} />}</Loaded>
      )}
    </>
  );
}

function Question({ id, from }: { id: string; from: string }) {
  const typed = { id: useSignal(id), from: useSignal(from) };
  const say = words.value;
  // A link from elsewhere fills them in.
  useEffect(() => {
    typed.id.value = id;
    typed.from.value = from;
  }, [id, from]);
  const look = (event: Event) => {
    event.preventDefault();
    setQuery({ id: typed.id.value.trim(), from: typed.from.value.trim() });
  };
  return (
    <form class="filters" onSubmit={look}>
      <Field label={say.id} text={typed.id} />
      <Field label={say.from} text={typed.from} isOptional placeholder={say.fromHint} />
      <button type="submit" class="primary">
        {say.look}
      </button>
    </form>
  );
}

function Way({ app, trace }: { app: string; trace: Trace }) {
  const say = words.value;
  return (
    <>
      <section class="section verdict panel" aria-label={say.verdict}>
        <p role="status">{trace.verdict[language.value]}</p>
      </section>
      <section class="section">
        <h2>{say.steps}</h2>
        {!trace.isComplete && <p class="hint">{say.isPartial}</p>}
        <ol class="way">
          {trace.steps.map((step, at) => (
            <li key={at} data-tone={toneOf(step.kind)}>
              <Moment step={step} />
            </li>
          ))}
        </ol>
        {trace.stepsOmitted > 0 && <p class="hint">{say.stepsOmitted(trace.stepsOmitted)}</p>}
      </section>
      {trace.others.length > 0 && <Others app={app} trace={trace} />}
      <Facts app={app} trace={trace} />
      <Payload trace={trace} />
    </>
  );
}

function Others({ app, trace: { others, packetId } }: { app: string; trace: Trace }) {
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.others}</h2>
      <p class="hint">{say.othersHint}</p>
      <ul>
        {others.map((other, at) => (
          <li key={at}>
            <OtherLink app={app} other={other} packetId={packetId} /> <Time at={other.at} isExact />
          </li>
        ))}
      </ul>
    </section>
  );
}

function OtherLink(of: { app: string; other: Other; packetId: string | null }) {
  const name = of.other.account ?? words.value.goneAccount;
  const question = questionOf(of.other, of.packetId);
  if (question === undefined) {
    return <span>{name}</span>;
  }
  return <a href={`${to`/apps/${of.app}/trace`}?${new URLSearchParams(question)}`}>{name}</a>;
}

function Moment({ step }: { step: Step }) {
  return (
    <>
      <p class="hint">
        {step.at === null ? words.value.unknownTime : <Time at={step.at} isExact />}
        {step.resource && <code>{step.resource}</code>}
      </p>
      <p>{step[language.value]}</p>
      {step.detail && (
        <p class="hint">
          <code>{step.detail}</code>
        </p>
      )}
    </>
  );
}

function Facts({ app, trace }: { app: string; trace: Trace }) {
  const say = words.value;
  const { packetId, sequence, at, from, bytes, isStored } = trace;
  return (
    <section class="section">
      <h2>{say.message}</h2>
      <dl class="facts">
        <dt>{say.packetId}</dt>
        <dd>{packetId ? <Value text={packetId} what={say.packetId} /> : NONE}</dd>
        <dt>{say.sequence}</dt>
        <dd>{sequence ? <Value text={sequence} what={say.sequence} /> : NONE}</dd>
        <dt>{say.from}</dt>
        <dd>
          {from ? <a href={to`/apps/${app}/accounts/${from.account}`}>{from.account}</a> : NONE}
          {from?.resource && <code>{from.resource}</code>}
        </dd>
        <dt>{say.to}</dt>
        <dd>
          <Receiver app={app} to={trace.to} />
        </dd>
        <dt>{say.accepted}</dt>
        <dd>
          <Time at={at} isExact />
        </dd>
        <dt>{say.size}</dt>
        <dd>{bytes === null ? NONE : size(bytes)}</dd>
        {isStored !== null && (
          <>
            <dt>{say.isStored}</dt>
            <dd>{isStored ? say.yes : say.no}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Receiver({ app, to: receiver }: { app: string; to: Trace["to"] }) {
  if (receiver === null) {
    return <>{NONE}</>;
  }
  if (receiver.kind === "account") {
    return <a href={to`/apps/${app}/accounts/${receiver.account}`}>{receiver.account}</a>;
  }
  return (
    <>
      <a href={to`/apps/${app}/topics/${receiver.topicId}`}>{receiver.name || receiver.topicId}</a>
      {receiver.members !== undefined && (
        <span class="muted">{words.value.members(receiver.members)}</span>
      )}
    </>
  );
}

function Payload({ trace }: { trace: Trace }) {
  const say = words.value;
  if (trace.payload === undefined && isAdmin.value) {
    return null;
  }
  return (
    <section class="section">
      <h2>{say.payload}</h2>
      {trace.payload === undefined ? (
        <p class="muted">{say.payloadForViewer}</p>
      ) : (
        <Code label={say.payload} text={payloadText(trace.payload)} />
      )}
    </section>
  );
}
