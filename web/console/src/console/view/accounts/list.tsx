/** The accounts of an app, by the beginning of their names. */

import { Field } from "../../../part/field";
import { type Page, usePages } from "../../pages";
import { Empty } from "../../part/empty";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { More } from "../../part/more";
import { type Column, Table } from "../../part/table";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import { useQueryText } from "../../query_text";
import { api, to } from "../../route_match";
import { setQuery } from "../../router";
import type { ViewProps } from "../../routes";
import type { AccountRow } from "./account_data";
import { words } from "./words";

interface Answer extends Page {
  accounts: AccountRow[];
}

export function View({ params: { app = "" } }: ViewProps) {
  const text = useQueryText("q");
  const prefix = text.value;
  const pages = usePages<Answer>(
    `${api`/apps/${app}/accounts`}?prefix=${encodeURIComponent(prefix)}`,
  );
  const say = words.value;
  const rows = pages.all.value.flatMap(({ accounts }) => accounts);
  return (
    <>
      <Head hint={say.hint} />
      <div class="filters">
        <Field label={say.search} text={text} placeholder={say.searchHint} isOptional />
      </div>
      <Loaded of={pages.first}>
        {() =>
          rows.length === 0 ? (
            <None app={app} prefix={prefix} />
          ) : (
            <>
              <Table
                label={say.search}
                columns={columns(app)}
                rows={rows}
                keyOf={({ uuid }) => uuid}
                href={({ account }) => to`/apps/${app}/accounts/${account}`}
                onEnd={pages.more}
              />
              {pages.hasMore.value && <More load={pages.more} />}
            </>
          )
        }
      </Loaded>
    </>
  );
}

function None({ app, prefix }: { app: string; prefix: string }) {
  const say = words.value;
  return prefix === "" ? (
    <Empty icon="accounts" title={say.none}>
      <p>{say.noneHint}</p>
      <a class="button primary" href={to`/apps/${app}/start`}>
        {say.quickStart}
      </a>
    </Empty>
  ) : (
    <Empty icon="search" title={say.noneFound(prefix)}>
      <p>{say.noneFoundHint}</p>
      <button type="button" onClick={() => setQuery({ q: "" })}>
        {say.all}
      </button>
    </Empty>
  );
}

function columns(app: string): Column<AccountRow>[] {
  const say = words.value;
  return [
    {
      title: say.account,
      cell: ({ account }) => <a href={to`/apps/${app}/accounts/${account}`}>{account}</a>,
    },
    { title: say.uuid, cell: ({ uuid }) => <code>{uuid}</code>, isExtra: true },
    { title: say.created, cell: ({ createdAt }) => <Time at={createdAt} />, isExtra: true },
    { title: say.state, cell: (account) => <State {...account} /> },
  ];
}

export function State({ banned, online }: { banned: boolean; online: boolean }) {
  const say = words.value;
  if (banned) {
    return <Tag tone="bad">{say.banned}</Tag>;
  }
  return <Tag tone={online ? "good" : "plain"}>{online ? say.online : say.offline}</Tag>;
}
