/** Frames of the socket protocol, taken apart. */

import { useSignal } from "@preact/signals";
import { useId, useMemo } from "preact/hooks";
import { Field } from "../../../part/field";
import { Code } from "../../part/code";
import { Head } from "../../part/head";
import { Tag } from "../../part/tag";
import { toastFailure } from "../../part/toast";
import { isAdmin } from "../../session";
import { AppChoice, chosenApp } from "./chosen_app";
import { EXAMPLE } from "./frames/example";
import { bytesOf } from "./frames/pasted";
import { type Reading, read } from "./frames/reading";
import type { Node } from "./frames/tree";
import { mint } from "./tokens_of";
import { words } from "./words";

export function View() {
  const text = useSignal("");
  const account = useSignal("");
  const securityKey = useSignal("");
  const challenge = useSignal("");
  const udid = useSignal("");
  const id = useId();
  const say = words.value;
  const fetchKey = async () => {
    const app = chosenApp();
    securityKey.value = "";
    if (app === undefined || account.value.trim() === "") {
      return;
    }
    try {
      securityKey.value = (await mint(app.appId, account.value.trim())).data.miUserSecurityKey;
    } catch (error) {
      toastFailure(error);
    }
  };
  return (
    <>
      <Head hint={say.framesHint}>
        <button type="button" onClick={() => (text.value = EXAMPLE)}>
          {say.example}
        </button>
      </Head>
      <p class="field section">
        <label for={id}>{say.frames}</label>
        <textarea
          id={id}
          class="code-input"
          rows={6}
          spellcheck={false}
          placeholder={say.framesPlaceholder}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
        <span class="hint">{say.keysHint}</span>
      </p>
      <div class="keys section">
        {isAdmin.value && (
          // What is in the field is only asked for when one leaves it.
          <div onFocusOut={() => fetchKey()}>
            <AppChoice />
            <Field label={say.account} text={account} hint={say.accountHint} isOptional />
          </div>
        )}
        <div>
          <Field label={say.challenge} text={challenge} hint={say.challengeHint} isOptional />
          <Field label={say.udid} text={udid} hint={say.udidHint} isOptional />
        </div>
      </div>
      <Readings
        text={text.value}
        securityKey={securityKey.value}
        challenge={challenge.value.trim()}
        udid={udid.value.trim()}
      />
    </>
  );
}

interface ReadingsProps {
  text: string;
  securityKey: string;
  challenge: string;
  udid: string;
}

function Readings({ text, securityKey, challenge, udid }: ReadingsProps) {
  const say = words.value;
  const result = useMemo(() => {
    try {
      return read(bytesOf(text), { securityKey, challenge, udid });
    } catch (error) {
      return { notBytes: error instanceof Error ? error.message : String(error) };
    }
  }, [text, securityKey, challenge, udid]);
  if ("notBytes" in result) {
    return (
      <p class="error" role="alert">
        {say.notBytes(result.notBytes)}
      </p>
    );
  }
  return (
    <>
      {result.frames.map((reading, at) => (
        <FrameView key={reading.layout.at} reading={reading} number={at + 1} />
      ))}
      {result.fault && (
        <p class="error" role="alert">
          {say.fault(result.fault)}
        </p>
      )}
    </>
  );
}

function FrameView({ reading, number }: { reading: Reading; number: number }) {
  const say = words.value;
  const { layout, fault } = reading;
  return (
    <section class="section panel frame" aria-label={say.frame(number)}>
      <h2>
        {reading.cmd ?? (reading.body === "ping" ? say.bare : say.frame(number))}{" "}
        <span class="muted">{say.frameOf(layout.version, layout.length)}</span>
      </h2>
      <p class="row-actions">
        {layout.checksum && fault?.kind !== "checksum" && (
          <Tag tone="good">{say.checksumRight}</Tag>
        )}
        <span class="hint">{say.bodies[reading.body]}</span>
        {reading.payload && <span class="hint">{say.payloads[reading.payload]}</span>}
      </p>
      {fault && (
        <p class="error" role="alert">
          {say.fault(fault)}
        </p>
      )}
      {reading.header && <Tree name={say.header} nodes={reading.header} />}
      {reading.message && <Tree name={reading.name ?? ""} nodes={reading.message} />}
      {reading.raw && <Code label={say.raw} text={reading.raw} />}
    </section>
  );
}

function Tree({ name, nodes }: { name: string; nodes: readonly Node[] }) {
  return (
    <details open class="tree">
      <summary>{name}</summary>
      <ul>
        {nodes.map((node) => (
          <li key={node.name}>
            {node.children ? (
              <Tree name={node.name} nodes={node.children} />
            ) : (
              <>
                <span class="muted">{node.name}</span> <code>{node.value}</code>{" "}
                {node.note && <span class="hint">{node.note}</span>}
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
