/** Shows an answer of the server when it is there, and until then that it is awaited or failed. */

import type { ComponentChildren } from "preact";
import type { Resource } from "../resource";
import { Failure, sentence } from "./failure";
import { words } from "./words";

interface Props<T> {
  of: Resource<T>;
  children: (data: T) => ComponentChildren;
}

export function Loaded<T>({ of, children }: Props<T>) {
  const data = of.data.value;
  const error = of.error.value;
  if (data === undefined) {
    return error === undefined ? <Loading /> : <Failure error={error} retry={of.reload} />;
  }
  return (
    <>
      {error && (
        <p class="stale" role="status">
          {words.value.stale(sentence(error))}
        </p>
      )}
      {children(data)}
    </>
  );
}

/** Bars where text will be. They come late, so that a quick answer does not flicker. */
export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="spoken">{words.value.loading}</span>
      <i />
      <i />
      <i />
    </div>
  );
}
