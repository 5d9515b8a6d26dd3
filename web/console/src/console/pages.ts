/** A list that the server gives page by page: more of it is asked for when its end comes into view. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { admin } from "./admin";
import { toastFailure } from "./part/toast";
import { type Resource, useAdmin } from "./resource";

export interface Page {
  /** Continues after this one; `null`: there is no more. */
  next: string | null;
}

export interface Pages<Answer extends Page> {
  /** The first page, for `Loaded`. */
  first: Resource<Answer>;
  /** The pages so far. */
  all: ReadonlySignal<readonly Answer[]>;
  hasMore: ReadonlySignal<boolean>;
  /** Loads one more page, unless it is being loaded. */
  more: () => Promise<void>;
}

/** `path` may have a query. */
export function usePages<Answer extends Page>(path: string): Pages<Answer> {
  const first = useAdmin<Answer>(path);
  const pages = useMemo(() => new Loading<Answer>(path, first), [first]);
  const newest = first.data.value;
  // Before it is drawn, so that no old page is shown with a new first one.
  useMemo(() => pages.begin(newest), [pages, newest]);
  useEffect(() => () => pages.stop(), [pages]);
  return pages;
}

class Loading<Answer extends Page> implements Pages<Answer> {
  readonly all: Signal<readonly Answer[]> = signal([]);
  readonly hasMore = signal(false);
  private isLoading = false;
  private abort = new AbortController();

  constructor(
    private readonly path: string,
    readonly first: Resource<Answer>,
  ) {}

  begin(page: Answer | undefined) {
    this.stop();
    this.abort = new AbortController();
    this.isLoading = false;
    this.take(page === undefined ? [] : [page]);
  }

  readonly more = async () => {
    const next = this.all.value.at(-1)?.next;
    if (this.isLoading || typeof next !== "string") {
      return;
    }
    this.isLoading = true;
    const { signal: stopped } = this.abort;
    const path = `${this.path}${this.path.includes("?") ? "&" : "?"}after=${encodeURIComponent(next)}`;
    try {
      const page = await admin.get<Answer>(path, stopped);
      this.take([...this.all.value, page]);
    } catch (error) {
      if (!stopped.aborted) {
        toastFailure(error);
      }
    }
    if (!stopped.aborted) {
      this.isLoading = false;
    }
  };

  stop() {
    this.abort.abort();
  }

  private take(pages: readonly Answer[]) {
    this.all.value = pages;
    this.hasMore.value = typeof pages.at(-1)?.next === "string";
  }
}
