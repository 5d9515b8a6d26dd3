/** The groups of an account. */

import { count } from "../../../look/figures";
import { Loaded } from "../../part/loaded";
import { type Column, Table } from "../../part/table";
import { useAdmin } from "../../resource";
import { to } from "../../route_match";
import type { Membership } from "./account_data";
import { words } from "./words";

/** `path` is the account's in the admin API. */
export function Memberships({ app, path }: { app: string; path: string }) {
  const topics = useAdmin<{ topics: Membership[] }>(`${path}/topics`);
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.topics}</h2>
      <Loaded of={topics}>
        {({ topics: shown }) =>
          shown.length === 0 ? (
            <p class="muted">{say.noTopics}</p>
          ) : (
            <Table
              label={say.topics}
              columns={columns(app)}
              rows={shown}
              keyOf={({ topicId }) => topicId}
              href={({ topicId }) => to`/apps/${app}/topics/${topicId}`}
            />
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
