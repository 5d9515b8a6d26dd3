/** The groups of an app. */

import { language } from "../../../look/language";
import { type Page, usePages } from "../../pages";
import { Empty } from "../../part/empty";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { More } from "../../part/more";
import { type Column, Table } from "../../part/table";
import { Time } from "../../part/time";
import { api, to } from "../../route_match";
import type { ViewProps } from "../../routes";
import type { Topic } from "./topic_data";
import { words } from "./words";

interface Answer extends Page {
  topics: Topic[];
}

export function View({ params: { app = "" } }: ViewProps) {
  const pages = usePages<Answer>(api`/apps/${app}/topics`);
  const say = words.value;
  const rows = pages.all.value.flatMap(({ topics }) => topics);
  return (
    <>
      <Head hint={say.hint} />
      <Loaded of={pages.first}>
        {() =>
          rows.length === 0 ? (
            <Empty icon="topics" title={say.none}>
              <p>{say.noneHint}</p>
              <a class="button" href={`/docs/${language.value}/quick-start`}>
                {say.noneGuide}
              </a>
            </Empty>
          ) : (
            <>
              <Table
                label={say.topic}
                columns={columns(app)}
                rows={rows}
                keyOf={({ topicId }) => topicId}
                href={({ topicId }) => to`/apps/${app}/topics/${topicId}`}
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

function columns(app: string): Column<Topic>[] {
  const say = words.value;
  return [
    {
      title: say.topic,
      cell: ({ topicId, name }) => (
        <a href={to`/apps/${app}/topics/${topicId}`}>{name || say.unnamed}</a>
      ),
    },
    { title: say.topicId, cell: ({ topicId }) => <code>{topicId}</code>, isExtra: true },
    {
      title: say.owner,
      cell: ({ owner }) => <a href={to`/apps/${app}/accounts/${owner.account}`}>{owner.account}</a>,
    },
    { title: say.created, cell: ({ createdAt }) => <Time at={createdAt} />, isExtra: true },
  ];
}
