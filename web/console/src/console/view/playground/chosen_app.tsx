/** Which app a tool works with: the one in the address, or the only one. */

import { useId } from "preact/hooks";
import { type App, apps } from "../../apps";
import { place, setQuery } from "../../router";
import { words } from "./words";

export function chosenApp(): App | undefined {
  const known = apps.value ?? [];
  const named = place.value.query.get("app");
  return known.find(({ appId }) => appId === named) ?? known[0];
}

export function AppChoice() {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{words.value.app}</label>
      <select
        id={id}
        value={chosenApp()?.appId}
        onChange={(event) => setQuery({ app: event.currentTarget.value })}
      >
        {(apps.value ?? []).map(({ appId, name }) => (
          <option key={appId} value={appId}>
            {name}
          </option>
        ))}
      </select>
    </p>
  );
}
