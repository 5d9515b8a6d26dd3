/** How the figures went in the chosen window. */

import { brief, bytes, milliseconds } from "../../../look/figures";
import { Chart } from "../../part/chart";
import type { Stats } from "../../stats";
import { words } from "./words";

const GROUP = "overview";

interface Props {
  points: Stats["series"]["points"];
  spanMs: number;
}

export function Charts({ points, spanMs }: Props) {
  const say = words.value;
  const common = { at: points.at, group: GROUP, spanMs };
  return (
    <div class="charts section">
      <Chart
        title={say.connections}
        lines={[
          { title: say.tcp, values: points.tcp },
          { title: say.websocket, values: points.websocket },
        ]}
        format={brief}
        {...common}
      />
      <Chart
        title={say.messages}
        lines={[
          { title: say.in, values: points.in },
          { title: say.out, values: points.out },
        ]}
        format={brief}
        {...common}
      />
      <Chart
        title={say.ack}
        lines={[
          { title: say.median, values: points.ackP50Ms },
          { title: say.p99, values: points.ackP99Ms },
        ]}
        format={milliseconds}
        {...common}
      />
      <Chart
        title={say.delivery}
        lines={[
          { title: say.median, values: points.deliveryP50Ms },
          { title: say.p99, values: points.deliveryP99Ms },
        ]}
        format={milliseconds}
        {...common}
      />
      <Chart
        title={say.backlog}
        lines={[{ title: say.waiting, values: points.callbackBacklog }]}
        format={brief}
        {...common}
      />
      <Chart
        title={say.storage}
        lines={[{ title: say.inUse, values: points.storageBytes }]}
        format={bytes}
        isBytes
        {...common}
      />
      <Chart
        title={say.memory}
        lines={[{ title: say.inUse, values: points.residentBytes }]}
        format={bytes}
        isBytes
        {...common}
      />
      <Chart
        title={say.cpu}
        lines={[{ title: say.cores, values: points.cpu }]}
        format={brief}
        {...common}
      />
    </div>
  );
}
