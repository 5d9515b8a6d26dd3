/** Every request of both REST APIs: what it takes, to be sent from here, and as curl. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language } from "../../../look/language";
import { Field } from "../../../part/field";
import { Empty } from "../../part/empty";
import { Failure } from "../../part/failure";
import { Head } from "../../part/head";
import { Loading } from "../../part/loaded";
import { Switch } from "../../part/switch";
import { Tag } from "../../part/tag";
import { useQueryText } from "../../query_text";
import { place, setQuery } from "../../router";
import { chosenApp } from "./chosen_app";
import { type Api, type Document, find, type Operation, operations } from "./explorer/operations";
import { Trial } from "./explorer/trial";
import { words } from "./words";

const APIS: readonly Api[] = ["apps", "admin"];

export function View() {
  const all = useSignal<readonly Operation[] | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const load = async () => {
    try {
      const answer = await fetch("/openapi.json");
      all.value = operations((await answer.json()) as Document);
      error.value = undefined;
    } catch (reason) {
      error.value = reason;
    }
  };
  useEffect(() => {
    load();
  }, []);
  return (
    <>
      <Head hint={words.value.explorerHint} />
      {all.value !== undefined && <Explorer all={all.value} />}
      {all.value === undefined &&
        (error.value === undefined ? <Loading /> : <Failure error={error.value} retry={load} />)}
    </>
  );
}

function Explorer({ all }: { all: readonly Operation[] }) {
  const text = useQueryText("q");
  const say = words.value;
  const chosen = all.find(({ id }) => id === place.value.query.get("call"));
  const api = shownApi(chosen);
  // What is sought may be in either.
  const found = find(all, text.value).filter((one) => text.value !== "" || one.api === api);
  const tags = [...new Set(found.map(({ tag }) => tag[language.value]))];
  return (
    <div class="explorer" data-open={chosen !== undefined}>
      <div class="explorer-list">
        <Switch
          label={say.whose}
          chosen={api}
          choose={(name) => setQuery({ api: name, call: "", q: "" })}
          choices={APIS.map((name) => ({ name, title: say.apis[name] }))}
        />
        <Field label={say.search} text={text} placeholder={say.searchHint} isOptional />
        {tags.length === 0 && <Empty icon="search" title={say.noneFound} />}
        <nav aria-label={say.explorerHint}>
          {tags.map((tag) => (
            <section key={tag}>
              <h2>{tag}</h2>
              <ul>
                {found
                  .filter((operation) => operation.tag[language.value] === tag)
                  .map((operation) => (
                    <Item
                      key={operation.id}
                      operation={operation}
                      isChosen={operation === chosen}
                    />
                  ))}
              </ul>
            </section>
          ))}
        </nav>
      </div>
      {chosen && <Trial key={`${chosen.id} ${chosenApp()?.appId}`} operation={chosen} />}
    </div>
  );
}

/** That of the request, else the one in the address. */
function shownApi(chosen: Operation | undefined): Api {
  return chosen?.api ?? (place.value.query.get("api") === "admin" ? "admin" : "apps");
}

function Item({ operation, isChosen }: { operation: Operation; isChosen: boolean }) {
  const { id, method, summary, path } = operation;
  return (
    <li>
      <button
        type="button"
        aria-current={isChosen}
        title={path}
        onClick={() => setQuery({ call: id })}
      >
        <Tag tone={method === "GET" ? "good" : method === "DELETE" ? "bad" : "warn"}>{method}</Tag>
        <span>{summary[language.value]}</span>
      </button>
    </li>
  );
}
