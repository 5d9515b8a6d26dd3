/** Something could not be had: why, and a button that tries again. */

import { AdminError } from "../admin";
import { Icon } from "./icon";
import { words } from "./words";

/** Why, in the server's own words where it has said something. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const isMissing = error instanceof AdminError && error.status === 404;
  return (
    <div class="state" role="alert">
      <Icon name="warn" />
      <h2>{isMissing ? words.value.missing : words.value.failed}</h2>
      <p>{sentence(error)}</p>
      {retry && !isMissing && (
        <button type="button" onClick={retry}>
          {words.value.retry}
        </button>
      )}
    </div>
  );
}
