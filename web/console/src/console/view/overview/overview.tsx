/** What the server is doing now. */

import { count } from "../../../look/figures";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { useAdmin } from "../../resource";
import { words } from "./words";

interface Stats {
  now: { at: number; sessions: number; apps: number };
}

const EVERY_MS = 5_000;

export function View() {
  const stats = useAdmin<Stats>("/stats", { everyMs: EVERY_MS });
  const say = words.value;
  return (
    <>
      <Head hint={say.hint} />
      <Loaded of={stats}>
        {({ now }) => (
          <dl class="facts">
            <dt>{say.sessions}</dt>
            <dd>{count(now.sessions)}</dd>
            <dt>{say.apps}</dt>
            <dd>{count(now.apps)}</dd>
          </dl>
        )}
      </Loaded>
    </>
  );
}
