/** The figures one looks at first. */

import { brief, bytes, count, milliseconds, NONE } from "../../../look/figures";
import { newest, type Stats } from "../../stats";
import { words } from "./words";

export function Tiles({ stats: { now, series } }: { stats: Stats }) {
  const say = words.value;
  const { points } = series;
  const rate = (column: Stats["series"]["points"]["in"]) => figure(newest(column), brief);
  const { storage, callbacks } = now;
  const room = storage.freeBytes === null ? "" : say.free(bytes(storage.freeBytes));
  return (
    <section class="section" aria-label={say.now}>
      <dl class="tiles">
        <Tile
          title={say.connections}
          figure={brief(now.tcp + now.websocket)}
          more={say.sessionCount(count(now.sessions))}
        />
        <Tile
          title={say.messages}
          figure={rate(points.in)}
          more={say.inAndOut(rate(points.in), rate(points.out))}
        />
        <Tile
          title={say.ack}
          figure={figure(newest(points.ackP99Ms), milliseconds)}
          more={say.ackHint}
        />
        <Tile
          title={say.delivery}
          figure={figure(newest(points.deliveryP99Ms), milliseconds)}
          more={say.deliveryHint}
        />
        <Tile
          title={say.backlog}
          figure={brief(callbacks.pending) + (callbacks.isMorePending ? "+" : "")}
          more={say.failedCallbacks(count(callbacks.failed))}
        />
        <Tile
          title={say.storage}
          figure={bytes(storage.bytes)}
          more={storage.readOnly ? say.readOnly : room}
        />
      </dl>
    </section>
  );
}

function Tile({ title, figure, more }: { title: string; figure: string; more: string }) {
  return (
    <div class="tile">
      <dt>{title}</dt>
      <dd class="figure">{figure}</dd>
      <dd class="hint">{more}</dd>
    </div>
  );
}

function figure(value: number | null, format: (value: number) => string): string {
  return value === null ? NONE : format(value);
}
