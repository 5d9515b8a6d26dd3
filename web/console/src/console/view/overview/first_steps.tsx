/** On a server without messages: what to do to have some. */

import { apps } from "../../apps";
import { Empty } from "../../part/empty";
import { to } from "../../route_match";
import type { Stats } from "../../stats";
import { words } from "./words";

export function FirstSteps({ now }: { now: Stats["now"] }) {
  const say = words.value;
  const first = apps.value?.[0];
  if (now.apps === 0) {
    return (
      <div class="section">
        <Empty icon="apps" title={say.firstApp}>
          <p>{say.firstAppHint}</p>
          <a class="button primary" href="#/apps">
            {say.firstAppDone}
          </a>
        </Empty>
      </div>
    );
  }
  if (now.messages.accepted > 0 || now.sessions > 0 || first === undefined) {
    return null;
  }
  return (
    <div class="section">
      <Empty icon="start" title={say.firstMessage}>
        <p>{say.firstMessageHint}</p>
        <p class="row-actions">
          <a class="button primary" href={to`/apps/${first.appId}/start`}>
            {say.quickStart}
          </a>
          <a class="button" href="/chat">
            {say.demoChat}
          </a>
        </p>
      </Empty>
    </div>
  );
}
