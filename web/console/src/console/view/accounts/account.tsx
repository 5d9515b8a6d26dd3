/** One account: its devices and what waits for them, its groups, contacts and blacklist. */

import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { Time } from "../../part/time";
import { Value } from "../../part/value";
import { useAdmin } from "../../resource";
import { api } from "../../route_match";
import type { ViewProps } from "../../routes";
import { isAdmin } from "../../session";
import type { Account } from "./account_data";
import { Blacklist } from "./blacklist";
import { Contacts } from "./contacts";
import { Danger } from "./danger";
import { Devices } from "./devices";
import { State } from "./list";
import { Memberships } from "./memberships";
import { words } from "./words";

/** Devices come and go while one looks. */
const EVERY_MS = 5_000;

export function View({ params: { app = "", account: name = "" } }: ViewProps) {
  const path = api`/apps/${app}/accounts/${name}`;
  const account = useAdmin<Account>(path, { everyMs: EVERY_MS });
  const say = words.value;
  return (
    <>
      <Head about={name} hint={say.accountHint} />
      <Loaded of={account}>
        {(shown) => (
          <>
            {shown.banned && (
              <p class="callout section" role="status">
                {say.isBanned}
              </p>
            )}
            <Identity account={shown} />
            <Devices devices={shown.devices} />
            <Memberships app={app} path={path} />
            <Contacts app={app} path={path} />
            <Blacklist app={app} path={path} />
            {isAdmin.value && (
              <Danger path={path} account={shown} changed={() => account.reload()} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function Identity({ account }: { account: Account }) {
  const say = words.value;
  const { uuid, createdAt, expiresAt, pending, devices } = account;
  return (
    <section class="section">
      <h2>{say.identity}</h2>
      <dl class="facts">
        <dt>{say.state}</dt>
        <dd>
          <State banned={account.banned} online={devices.some(({ online }) => online)} />
        </dd>
        <dt>{say.uuid}</dt>
        <dd>
          <Value text={uuid} what={say.uuid} />
        </dd>
        <dt>{say.created}</dt>
        <dd>
          <Time at={createdAt} isExact />
        </dd>
        {expiresAt && (
          <>
            <dt>{say.expires}</dt>
            <dd>
              <Time at={expiresAt} isExact />
            </dd>
          </>
        )}
        {pending && (
          <>
            <dt>{say.waiting}</dt>
            <dd>{say.waits(pending.count, pending.isMore)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
