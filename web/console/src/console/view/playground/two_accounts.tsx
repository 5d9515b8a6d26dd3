/** Two accounts that write to each other, with what happens to each message. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { milliseconds } from "../../../look/figures";
import { clock } from "../../../look/language";
import { Field } from "../../../part/field";
import { Head } from "../../part/head";
import { Tag } from "../../part/tag";
import { to } from "../../route_match";
import { AppChoice, chosenApp } from "./chosen_app";
import { Needs } from "./needs";
import { type Line, Side } from "./side";
import { words } from "./words";

export function View() {
  return (
    <>
      <Head hint={words.value.chatHint} />
      <Needs>{() => <Both />}</Needs>
    </>
  );
}

function Both() {
  const app = chosenApp()?.appId ?? "";
  const sides = useMemo(() => [new Side(app, "alice"), new Side(app, "bob")] as const, [app]);
  useEffect(
    () => () => {
      for (const side of sides) {
        side.signOut();
      }
    },
    [sides],
  );
  const say = words.value;
  const [one, other] = sides;
  return (
    <>
      <div class="filters">
        <AppChoice />
      </div>
      <div class="sides">
        <SideView app={app} title={say.one} side={one} other={other} />
        <SideView app={app} title={say.other} side={other} other={one} />
      </div>
    </>
  );
}

interface SideProps {
  app: string;
  title: string;
  side: Side;
  other: Side;
}

function SideView({ app, title, side, other }: SideProps) {
  const text = useSignal("");
  const say = words.value;
  const state = side.state.value;
  const send = (event: Event) => {
    event.preventDefault();
    side.send(other.name.value.trim(), text.value);
    text.value = "";
  };
  return (
    <section class="panel" aria-label={title}>
      <div class="side-head">
        <Field label={say.account} text={side.name} isDisabled={state !== "off"} />
        <Tag tone={state === "on" ? "good" : state === "off" ? "plain" : "warn"}>
          {say.states[state]}
        </Tag>
        {state === "off" ? (
          <button type="button" class="primary" onClick={() => side.signIn()}>
            {say.connect}
          </button>
        ) : (
          <button type="button" onClick={() => side.signOut()}>
            {say.disconnect}
          </button>
        )}
      </div>
      {side.refusal.value && (
        <p class="error" role="alert">
          {side.refusal.value}
        </p>
      )}
      <div role="log" aria-label={say.log(side.name.value)} class="lines">
        <ol>
          {side.lines.value.length === 0 && <li class="muted">{say.nothingYet}</li>}
          {side.lines.value.map((line) => (
            <LineView key={line.key} app={app} line={line} />
          ))}
        </ol>
      </div>
      <form class="side-send" onSubmit={send}>
        <Field label={say.sendTo(other.name.value)} text={text} isDisabled={state === "off"} />
        <button type="submit" class="primary" disabled={state === "off"}>
          {say.send}
        </button>
      </form>
    </section>
  );
}

function LineView({ app, line }: { app: string; line: Line }) {
  const say = words.value;
  return (
    <li data-mine={line.isMine}>
      <p>{line.text}</p>
      <p class="hint">
        {clock(line.at)} {line.isMine ? <Fate line={line} /> : say.received(line.with)}{" "}
        {line.packetId && (
          <a href={`${to`/apps/${app}/trace`}?id=${encodeURIComponent(line.packetId)}`}>
            {say.trace}
          </a>
        )}
      </p>
    </li>
  );
}

function Fate({ line }: { line: Line }) {
  if (line.refusal !== undefined) {
    return <span class="error">{line.refusal}</span>;
  }
  return (
    <>
      {line.tookMs === undefined
        ? words.value.sending
        : words.value.stored(milliseconds(line.tookMs))}
    </>
  );
}
