/** The callbacks of an app. */

import { useSignal } from "@preact/signals";
import { count } from "../../../look/figures";
import { language } from "../../../look/language";
import { admin } from "../../admin";
import { type Page, usePages } from "../../pages";
import { Confirm } from "../../part/confirm";
import { Empty } from "../../part/empty";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { More } from "../../part/more";
import { Switch } from "../../part/switch";
import { type Column, Table } from "../../part/table";
import { Time } from "../../part/time";
import { toast, toastFailure } from "../../part/toast";
import { api, to } from "../../route_match";
import { place, setQuery } from "../../router";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import type { Callback, Tried } from "./callback_data";
import { answerOf, StatusTag } from "./status";
import { TestResult } from "./test_result";
import { words } from "./words";

interface Answer extends Page {
  callbacks: Callback[];
}

export function View({ params: { app = "" } }: ViewProps) {
  const path = api`/apps/${app}/callbacks`;
  const isOnlyFailed = place.value.query.get("status") === "failed";
  const pages = usePages<Answer>(isOnlyFailed ? `${path}?status=failed` : path);
  const say = words.value;
  const rows = pages.all.value.flatMap(({ callbacks }) => callbacks);
  return (
    <>
      <Head
        hint={
          <>
            {say.hint} <a href={`/docs/${language.value}/callbacks`}>{say.guide}</a>
          </>
        }
      >
        {isAdmin.value && <Deeds app={app} path={path} changed={pages.first.reload} />}
      </Head>
      <div class="filters">
        <Switch
          label={say.show}
          chosen={isOnlyFailed ? "failed" : "all"}
          choose={(name) => setQuery({ status: name === "failed" ? "failed" : "" })}
          choices={[
            { name: "all", title: say.all },
            { name: "failed", title: say.onlyFailed },
          ]}
        />
      </div>
      <Loaded of={pages.first}>
        {() =>
          rows.length === 0 ? (
            <None app={app} isOnlyFailed={isOnlyFailed} />
          ) : (
            <>
              <Table
                label={say.event}
                columns={columns(app)}
                rows={rows}
                keyOf={({ id }) => id}
                href={({ id }) => to`/apps/${app}/callbacks/${id}`}
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

interface DeedsProps {
  app: string;
  path: string;
  changed: () => Promise<void>;
}

function Deeds({ app, path, changed }: DeedsProps) {
  const isAsking = useSignal(false);
  const isTesting = useSignal(false);
  const tried = useSignal<Tried | undefined>(undefined);
  const say = words.value;
  const test = async () => {
    isTesting.value = true;
    try {
      tried.value = await admin.post<Tried>(`${path}/test`);
    } catch (error) {
      toastFailure(error);
    }
    isTesting.value = false;
  };
  const replay = async () => {
    const { replayed } = await admin.post<{ replayed: number }>(`${path}/replay`);
    toast(say.replayedAll(replayed));
    await changed();
  };
  return (
    <>
      <a class="button" href={to`/apps/${app}/callbacks/verify`}>
        {say.verify}
      </a>
      <button type="button" title={say.testHint} disabled={isTesting.value} onClick={test}>
        {say.test}
      </button>
      <button type="button" onClick={() => (isAsking.value = true)}>
        {say.replayAll}
      </button>
      {isAsking.value && (
        <Confirm
          title={say.replayAll}
          action={say.replay}
          submit={replay}
          close={() => (isAsking.value = false)}
        >
          {say.replayAllHint}
        </Confirm>
      )}
      {tried.value && <TestResult tried={tried.value} close={() => (tried.value = undefined)} />}
    </>
  );
}

function None({ app, isOnlyFailed }: { app: string; isOnlyFailed: boolean }) {
  const say = words.value;
  return isOnlyFailed ? (
    <Empty icon="check" title={say.noneFailed}>
      <p>{say.noneFailedHint}</p>
    </Empty>
  ) : (
    <Empty icon="callbacks" title={say.none}>
      <p>{say.noneHint}</p>
      <a class="button primary" href={to`/apps/${app}`}>
        {say.toSettings}
      </a>
    </Empty>
  );
}

function columns(app: string): Column<Callback>[] {
  const say = words.value;
  return [
    {
      title: say.event,
      cell: ({ id, msgType }) => <a href={to`/apps/${app}/callbacks/${id}`}>{msgType}</a>,
    },
    { title: say.status, cell: ({ status }) => <StatusTag status={status} /> },
    {
      title: say.attempts,
      cell: ({ attempts }) => count(attempts.length),
      isNumber: true,
      isExtra: true,
    },
    { title: say.newest, cell: ({ attempts }) => answerOf(attempts.at(-1)), isExtra: true },
    { title: say.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
}
