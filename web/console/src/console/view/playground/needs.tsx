/** What a tool says when it cannot work: for viewers, and where there is no app. */

import type { ComponentChildren } from "preact";
import { apps } from "../../apps";
import { Empty } from "../../part/empty";
import { Loading } from "../../part/loaded";
import { isAdmin } from "../../session";
import { words } from "./words";

export function Needs({ children }: { children: () => ComponentChildren }) {
  const say = words.value;
  if (!isAdmin.value) {
    return <p class="muted">{say.adminOnly}</p>;
  }
  if (apps.value === undefined) {
    return <Loading />;
  }
  if (apps.value.length === 0) {
    return (
      <Empty icon="apps" title={say.noApps}>
        <p>{say.noAppsHint}</p>
        <a class="button primary" href="#/apps">
          {say.toApps}
        </a>
      </Empty>
    );
  }
  return <>{children()}</>;
}
