/** The groups of an account. */

import { count } from "../../../look/figures";
import { type Page, usePages } from "../../pages";
import { Loaded } from "../../part/loaded";
import { More } from "../../part/more";
import { type Column, Table } from "../../part/table";
import { to } from "../../route_match";
import type { Membership } from "./account_data";
import { words } from "./words";

interface Answer extends Page {
  topics: Membership[];
}

/** `path` is the account's in the admin API. */
export function Memberships({ app, path }: { app: string; path: string }) {
  const pages = usePages<Answer>(`${path}/topics`);
  const rows = pages.all.value.flatMap(({ topics }) => topics);
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.topics}</h2>
      <Loaded of={pages.first}>
        {() =>
          rows.length === 0 ? (
            <p class="muted">{say.noTopics}</p>
          ) : (
            <>
              <Table
                label={say.topics}
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
    </section>
  );
}

function columns(app: string): Column<Membership>[] {
  const say = words.value;
  return [
    {
      title: say.topic,
      cell: ({ topicId, name }) => (
        <a href={to`/apps/${app}/topics/${topicId}`}>{name || topicId}</a>
      ),
    },
    {
      title: say.owner,
      cell: ({ owner }) => <a href={to`/apps/${app}/accounts/${owner.account}`}>{owner.account}</a>,
      isExtra: true,
    },
    { title: say.members, cell: ({ members }) => count(members), isNumber: true },
  ];
}
