/** What the server is doing now, and how it went. */

import { absolute, count, duration } from "../../../look/figures";
import { Head } from "../../part/head";
import { Loaded } from "../../part/loaded";
import { Switch } from "../../part/switch";
import { useAdmin } from "../../resource";
import { place, setQuery } from "../../router";
import { type Stats, WINDOW_MS, WINDOWS, type Window } from "../../stats";
import { Alarms } from "./alarms";
import { Charts } from "./charts";
import { FirstSteps } from "./first_steps";
import { Tiles } from "./tiles";
import { words } from "./words";

/** As often as the shortest window has points. */
const EVERY_MS = 5_000;

export function View() {
  const asked = place.value.query.get("window");
  const shown = WINDOWS.find((name) => name === asked) ?? "15m";
  const stats = useAdmin<Stats>(`/stats?window=${shown}`, { everyMs: EVERY_MS, keeps: true });
  const say = words.value;
  const now = stats.data.value?.now;
  return (
    <>
      <Head
        hint={
          now && (
            <span title={absolute(now.startedAt)}>
              {say.hint(now.version, duration(now.at - now.startedAt))}
            </span>
          )
        }
      >
        <Switch
          label={say.window}
          choices={WINDOWS.map((name) => ({ name, title: say.windows[name] }))}
          chosen={shown}
          choose={(name: Window) => setQuery({ window: name === "15m" ? "" : name })}
        />
      </Head>
      <Loaded of={stats}>
        {(stats) => (
          <>
            <Alarms alarms={stats.alarms} />
            <FirstSteps now={stats.now} />
            <Tiles stats={stats} />
            <Charts points={stats.series.points} spanMs={WINDOW_MS[stats.series.window]} />
            <Totals now={stats.now} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Totals({ now: { messages, callbacks } }: { now: Stats["now"] }) {
  const say = words.value;
  const refused = Object.entries(messages.refused).filter(([, many]) => many > 0);
  const rows: [string, number][] = [
    [say.accepted, messages.accepted],
    [say.stored, messages.stored],
    [say.delivered, messages.delivered],
    [say.acknowledged, messages.acknowledged],
    [say.offline, messages.offline],
    ...refused.map(([reason, many]): [string, number] => [`${say.refused}: ${reason}`, many]),
    [say.callbacksDelivered, callbacks.delivered],
  ];
  return (
    <section class="section">
      <h2>{say.sinceStart}</h2>
      <dl class="facts totals">
        {rows.map(([title, many]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{count(many)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
