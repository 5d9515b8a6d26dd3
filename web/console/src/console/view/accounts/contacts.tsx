/** With whom an account talked last. */

import { type Page, usePages } from "../../pages";
import { Loaded } from "../../part/loaded";
import { More } from "../../part/more";
import { type Column, Table } from "../../part/table";
import { Time } from "../../part/time";
import { to } from "../../route_match";
import type { Contact } from "./account_data";
import { words } from "./words";

interface Answer extends Page {
  contacts: Contact[];
}

/** `path` is the account's in the admin API. */
export function Contacts({ app, path }: { app: string; path: string }) {
  const pages = usePages<Answer>(`${path}/contacts`);
  const rows = pages.all.value.flatMap(({ contacts }) => contacts);
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.contacts}</h2>
      <Loaded of={pages.first}>
        {() =>
          rows.length === 0 ? (
            <p class="muted">{say.noContacts}</p>
          ) : (
            <>
              <Table
                label={say.contacts}
                columns={columns(app)}
                rows={rows}
                keyOf={({ kind, account, topicId }) => `${kind} ${account ?? topicId}`}
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

function columns(app: string): Column<Contact>[] {
  const say = words.value;
  return [
    { title: say.contact, cell: (contact) => <With app={app} contact={contact} /> },
    { title: say.newest, cell: ({ at }) => <Time at={at} /> },
    {
      title: say.sequence,
      cell: ({ sequence }) => (
        <a href={`${to`/apps/${app}/trace`}?id=${sequence}`} title={say.trace}>
          <code>{sequence}</code>
        </a>
      ),
      isExtra: true,
    },
  ];
}

function With({ app, contact }: { app: string; contact: Contact }) {
  if (contact.kind === "topic") {
    const id = contact.topicId ?? "";
    return <a href={to`/apps/${app}/topics/${id}`}>{contact.name || id}</a>;
  }
  const name = contact.account ?? "";
  return <a href={to`/apps/${app}/accounts/${name}`}>{name}</a>;
}
