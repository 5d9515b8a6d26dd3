/** One callback: its attempts, and what is posted. */

import { milliseconds } from "../../../look/figures";
import { admin } from "../../admin";
import { Code } from "../../part/code";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { type Column, Table } from "../../part/table";
import { Time } from "../../part/time";
import { toast, toastFailure } from "../../part/toast";
import { useAdmin } from "../../resource";
import { api, to } from "../../route_match";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import type { Attempt, CallbackDetail } from "./callback_data";
import { readable } from "./readable";
import { answerOf, StatusTag } from "./status";
import { words } from "./words";

/** While it is pending, attempts come. */
const EVERY_MS = 5_000;

export function View({ params: { app = "", callback: id = "" } }: ViewProps) {
  const path = api`/apps/${app}/callbacks/${id}`;
  const callback = useAdmin<CallbackDetail>(path, { everyMs: EVERY_MS });
  const say = words.value;
  const replay = async () => {
    await admin.post(`${path}/replay`);
    toast(say.replayed);
    await callback.reload();
  };
  return (
    <>
      <Head about={callback.data.value?.msgType ?? id} hint={say.callbackHint}>
        {isAdmin.value && (
          <>
            <a class="button" href={`${to`/apps/${app}/callbacks/verify`}?of=${id}`}>
              {say.verifyThis}
            </a>
            <button type="button" class="primary" onClick={() => replay().catch(toastFailure)}>
              {say.replay}
            </button>
          </>
        )}
      </Head>
      <Loaded of={callback}>
        {(shown) => (
          <>
            <Facts app={app} callback={shown} />
            <Attempts attempts={shown.attempts} />
            <Request request={shown.request} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Facts({ app, callback }: { app: string; callback: CallbackDetail }) {
  const say = words.value;
  const { status, url, sequence, createdAt, nextAt } = callback;
  return (
    <section class="section">
      <dl class="facts">
        <dt>{say.status}</dt>
        <dd>
          <StatusTag status={status} />
        </dd>
        {url && (
          <>
            <dt>{say.url}</dt>
            <dd>
              <code>{url}</code>
            </dd>
          </>
        )}
        <dt>{say.message}</dt>
        <dd>
          <a href={`${to`/apps/${app}/trace`}?id=${sequence}`}>{say.trace}</a>
          <code>{sequence}</code>
        </dd>
        <dt>{say.created}</dt>
        <dd>
          <Time at={createdAt} isExact />
        </dd>
        {nextAt !== null && (
          <>
            <dt>{say.next}</dt>
            <dd>
              <Time at={nextAt} isExact />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  const say = words.value;
  const columns: Column<Attempt>[] = [
    { title: say.when, cell: ({ at }) => <Time at={at} isExact /> },
    { title: say.answer, cell: answerOf },
    { title: say.took, cell: ({ ms }) => milliseconds(ms), isNumber: true },
  ];
  return (
    <section class="section">
      <h2>{say.attempts}</h2>
      {attempts.length === 0 ? (
        <p class="muted">{say.notTried}</p>
      ) : (
        <Table
          label={say.attempts}
          columns={columns}
          rows={attempts}
          keyOf={({ at }) => String(at)}
        />
      )}
    </section>
  );
}

function Request({ request }: { request: CallbackDetail["request"] }) {
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.request}</h2>
      {request === null ? (
        <p class="muted">{say.requestForViewer}</p>
      ) : (
        <>
          <p class="hint">{say.requestHint}</p>
          <Code
            label={say.headers}
            text={Object.entries(request.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join("\n")}
          />
          <p class="after" />
          <Code label={say.body} text={readable(request.body)} />
        </>
      )}
    </section>
  );
}
