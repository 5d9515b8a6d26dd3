/** The configuration in force. */

import { useComputed } from "@preact/signals";
import { count } from "../../../look/figures";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { Empty } from "../../part/empty";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { Tag } from "../../part/tag";
import { useQueryText } from "../../query_text";
import { useAdmin } from "../../resource";
import { place, setQuery } from "../../router";
import { find, type Setting, written } from "./settings";
import { words } from "./words";

export function View() {
  const config = useAdmin<{ keys: Setting[] }>("/config");
  const say = words.value;
  const text = useQueryText("q");
  const onlySet = useComputed(() => place.value.query.has("set"));
  return (
    <>
      <Head hint={say.hint} />
      <div class="filters">
        <Field label={say.search} text={text} placeholder={say.searchHint} isOptional />
        <label class="check">
          <input
            type="checkbox"
            checked={onlySet.value}
            onChange={(event) => setQuery({ set: event.currentTarget.checked ? "1" : "" })}
          />
          {say.onlySet}
        </label>
      </div>
      <Loaded of={config}>
        {({ keys }) => <List all={keys} shown={find(keys, text.value, onlySet.value)} />}
      </Loaded>
    </>
  );
}

function List({ all, shown }: { all: Setting[]; shown: Setting[] }) {
  const say = words.value;
  if (shown.length === 0) {
    return (
      <Empty icon="search" title={say.none}>
        <p>{say.noneHint}</p>
        <button type="button" onClick={() => setQuery({ q: "", set: "" })}>
          {say.all}
        </button>
      </Empty>
    );
  }
  return (
    <>
      <ul class="keyed">
        {shown.map((setting) => (
          <Row key={setting.key} setting={setting} />
        ))}
      </ul>
      <p class="hint after" role="status">
        {say.shown(count(shown.length), count(all.length))}
      </p>
    </>
  );
}

function Row({ setting }: { setting: Setting }) {
  const say = words.value;
  const { key, value, source, isSecret } = setting;
  const text = written(value);
  return (
    <li>
      <code class="key">{key}</code>
      {isSecret || text === "" ? (
        <span class="set hint">{isSecret ? say.secret : say.empty}</span>
      ) : (
        <code class="set">{text}</code>
      )}
      <span class="source">
        {source.kind === "default" ? (
          <span class="hint">{say.sources.default}</span>
        ) : (
          <Tag tone="good">{say.sources[source.kind]}</Tag>
        )}
        {source.name && <span class="hint">{source.name}</span>}
      </span>
      <p class="hint">{language.value === "zh" ? setting.descriptionZh : setting.description}</p>
    </li>
  );
}
