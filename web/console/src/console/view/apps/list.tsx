/** All apps of the server. */

import { useSignal } from "@preact/signals";
import { type App, apps, loadApps } from "../../apps";
import { Copy } from "../../part/copy";
import { Empty } from "../../part/empty";
import { Failure } from "../../part/failure";
import { Head } from "../../part/head";
import { Icon } from "../../part/icon";
import { Loading } from "../../part/loaded";
import { type Column, Table } from "../../part/table";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import { to } from "../../route_match";
import { isAdmin } from "../../session";
import { Keys } from "./keys";
import { NewApp } from "./new_app";
import { words } from "./words";

export function View() {
  const isMaking = useSignal(false);
  const made = useSignal<App | undefined>(undefined);
  const say = words.value;
  const known = apps.value;
  const make = isAdmin.value && (
    <button type="button" class="primary" onClick={() => (isMaking.value = true)}>
      <Icon name="plus" />
      {say.newApp}
    </button>
  );
  return (
    <>
      <Head hint={say.hint}>{known && known.length > 0 && make}</Head>
      {known === undefined && <Awaited />}
      {known?.length === 0 && (
        <Empty icon="apps" title={say.none}>
          <p>{isAdmin.value ? say.noneHint : say.noneForViewer}</p>
          {make}
        </Empty>
      )}
      {known && known.length > 0 && (
        <Table
          label={words.value.hint}
          columns={columns()}
          rows={known}
          keyOf={({ appId }) => appId}
          href={({ appId }) => to`/apps/${appId}`}
        />
      )}
      {isMaking.value && (
        <NewApp made={(app) => (made.value = app)} close={() => (isMaking.value = false)} />
      )}
      {made.value && <Keys app={made.value} close={() => (made.value = undefined)} />}
    </>
  );
}

/** The navigation asks for the apps; if it failed, it can be tried again here. */
function Awaited() {
  const error = useSignal<unknown>(undefined);
  const load = () =>
    loadApps().catch((reason) => {
      error.value = reason;
    });
  return error.value === undefined ? <Loading /> : <Failure error={error.value} retry={load} />;
}

function columns(): Column<App>[] {
  const say = words.value;
  return [
    { title: say.name, cell: ({ appId, name }) => <a href={to`/apps/${appId}`}>{name}</a> },
    { title: say.package, cell: (app) => <code>{app.package}</code>, isExtra: true },
    {
      title: "appId",
      isExtra: true,
      cell: ({ appId }) => (
        <span class="value">
          <code>{appId}</code>
          <Copy text={appId} what="appId" />
        </span>
      ),
    },
    { title: say.created, cell: ({ createdAt }) => <Time at={createdAt} />, isExtra: true },
    {
      title: say.state,
      cell: ({ banned }) => (
        <Tag tone={banned ? "bad" : "good"}>{banned ? say.banned : say.active}</Tag>
      ),
    },
  ];
}
