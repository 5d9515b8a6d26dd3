/** Below a list that goes on: a table loads more at its end by itself, short ones have this button. */

import { useSignal } from "@preact/signals";
import { words } from "./words";

export function More({ load }: { load: () => Promise<void> }) {
  const isBusy = useSignal(false);
  const run = async () => {
    isBusy.value = true;
    await load();
    isBusy.value = false;
  };
  return (
    <p class="after">
      <button type="button" disabled={isBusy.value} onClick={run}>
        {isBusy.value ? words.value.loadingMore : words.value.more}
      </button>
    </p>
  );
}
