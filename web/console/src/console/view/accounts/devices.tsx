/** The devices of an account: where each has got to. */

import { NONE } from "../../../look/figures";
import { type Column, Table } from "../../part/table";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import type { Device } from "./account_data";
import { words } from "./words";

export function Devices({ devices }: { devices: readonly Device[] }) {
  const say = words.value;
  return (
    <section class="section">
      <h2>{say.devices}</h2>
      <p class="hint">{say.devicesHint}</p>
      {devices.length === 0 ? (
        <p class="muted">{say.noDevices}</p>
      ) : (
        <Table
          label={say.devices}
          columns={columns()}
          rows={devices}
          keyOf={({ resource }) => resource}
        />
      )}
    </section>
  );
}

function columns(): Column<Device>[] {
  const say = words.value;
  return [
    { title: say.resource, cell: ({ resource }) => <code>{resource}</code> },
    {
      title: say.state,
      cell: ({ online }) => (
        <Tag tone={online ? "good" : "plain"}>{online ? say.online : say.offline}</Tag>
      ),
    },
    {
      title: say.waiting,
      cell: ({ pending }) => (pending ? say.waits(pending.count, pending.isMore) : NONE),
      isNumber: true,
    },
    { title: say.cursor, cell: ({ cursor }) => <code>{cursor ?? NONE}</code>, isExtra: true },
    {
      title: say.seen,
      cell: ({ online, seenAt }) => (online ? say.now : <Time at={seenAt} />),
      isExtra: true,
    },
  ];
}
