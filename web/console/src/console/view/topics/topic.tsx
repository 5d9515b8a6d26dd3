/** One group and its members. */

import { useSignal } from "@preact/signals";
import { count } from "../../../look/figures";
import { admin } from "../../admin";
import { Confirm } from "../../part/confirm";
import { Deed } from "../../part/deed";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { type Column, Table } from "../../part/table";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import { toast } from "../../part/toast";
import { Value } from "../../part/value";
import { useAdmin } from "../../resource";
import { api, to } from "../../route_match";
import { go } from "../../router";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import type { Member, Roster } from "./topic_data";
import { words } from "./words";

export function View({ params: { app = "", topic: id = "" } }: ViewProps) {
  const path = api`/apps/${app}/topics/${id}`;
  const roster = useAdmin<Roster>(path);
  const say = words.value;
  return (
    <>
      <Head about={roster.data.value?.name || id} hint={say.groupHint} />
      <Loaded of={roster}>
        {(topic) => (
          <>
            <Identity app={app} topic={topic} />
            <Members app={app} topic={topic} />
            {isAdmin.value && <Danger app={app} path={path} topic={topic} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function Identity({ app, topic }: { app: string; topic: Roster }) {
  const say = words.value;
  const empty = <span class="muted">{say.empty}</span>;
  return (
    <section class="section">
      <h2>{say.identity}</h2>
      <dl class="facts">
        <dt>{say.topicId}</dt>
        <dd>
          <Value text={topic.topicId} what={say.topicId} />
        </dd>
        <dt>{say.owner}</dt>
        <dd>
          <a href={to`/apps/${app}/accounts/${topic.owner.account}`}>{topic.owner.account}</a>
        </dd>
        <dt>{say.created}</dt>
        <dd>
          <Time at={topic.createdAt} isExact />
        </dd>
        <dt>{say.bulletin}</dt>
        <dd>{topic.bulletin || empty}</dd>
        <dt>{say.extra}</dt>
        <dd>{topic.extra ? <code>{topic.extra}</code> : empty}</dd>
      </dl>
    </section>
  );
}

function Members({ app, topic }: { app: string; topic: Roster }) {
  const say = words.value;
  return (
    <section class="section">
      <h2>
        {say.members} <span class="muted">{count(topic.members.length)}</span>
      </h2>
      <p class="hint">{say.joinedHint}</p>
      <Table
        label={say.members}
        columns={columns(app, topic.owner.uuid)}
        rows={topic.members}
        keyOf={({ uuid }) => uuid}
        href={({ account }) => to`/apps/${app}/accounts/${account}`}
      />
    </section>
  );
}

function columns(app: string, owner: string): Column<Member>[] {
  const say = words.value;
  return [
    {
      title: say.member,
      cell: ({ account, uuid }) => (
        <>
          <a href={to`/apps/${app}/accounts/${account}`}>{account}</a>{" "}
          {uuid === owner && <Tag>{say.isOwner}</Tag>}
        </>
      ),
    },
    { title: "uuid", cell: ({ uuid }) => <code>{uuid}</code>, isExtra: true },
    { title: say.joined, cell: ({ joined }) => <code>{joined}</code>, isExtra: true },
  ];
}

function Danger({ app, path, topic }: { app: string; path: string; topic: Roster }) {
  const isAsking = useSignal(false);
  const say = words.value;
  const name = topic.name || topic.topicId;
  const dismiss = async () => {
    await admin.delete(path);
    toast(say.dismissed(name));
    go(to`/apps/${app}/topics`);
  };
  return (
    <section class="section">
      <h2>{say.danger}</h2>
      <ul class="panel deeds">
        <Deed hint={say.dismissHint} action={say.dismiss} run={() => (isAsking.value = true)} />
      </ul>
      {isAsking.value && (
        <Confirm
          title={say.dismissQuestion(name)}
          action={say.dismiss}
          name={name}
          submit={dismiss}
          close={() => (isAsking.value = false)}
        >
          {say.dismissHint}
        </Confirm>
      )}
    </section>
  );
}
