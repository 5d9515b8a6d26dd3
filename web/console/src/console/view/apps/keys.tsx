/** The keys of an app that was just made or got a new secret: the only time that it is shown. */

import { Dialog } from "../../../part/dialog";
import type { App } from "../../apps";
import { Value } from "../../part/value";
import { words } from "./words";

export function Keys({ app, close }: { app: App; close: () => void }) {
  const say = words.value;
  return (
    <Dialog title={say.keys(app.name)} seen={say.kept} close={close} isWide>
      <p class="callout">{say.keysHint}</p>
      <dl class="facts">
        <dt>appId</dt>
        <dd>
          <Value text={app.appId} what="appId" />
        </dd>
        <dt>appKey</dt>
        <dd>
          <Value text={app.appKey} what="appKey" />
        </dd>
        <dt>appSecret</dt>
        <dd>
          <Value text={app.appSecret ?? ""} what="appSecret" />
        </dd>
        <dt>callbackSecret</dt>
        <dd>
          <Value text={app.callbackSecret ?? ""} what="callbackSecret" />
          <span class="hint">{say.callbackSecretHint}</span>
        </dd>
      </dl>
    </Dialog>
  );
}
