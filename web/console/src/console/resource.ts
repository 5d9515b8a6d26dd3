/** What a view shows of the server: asked for when it opens, again when told, and every so often. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type AdminError, admin } from "./admin";

export interface Resource<T> {
  /** The newest answer. It stays while a later one fails. */
  data: Signal<T | undefined>;
  /** Why there is no newer one. */
  error: ReadonlySignal<AdminError | undefined>;
  isLoading: ReadonlySignal<boolean>;
  reload: () => Promise<void>;
}

interface Options {
  /** Asks again after so long, while somebody looks at the page. */
  everyMs?: number;
  /** What another path has answered stays until this one does: for figures of another window. */
  keeps?: boolean;
}

/** GET of a path of the admin API; `undefined`: nothing to ask yet. */
export function useAdmin<T>(path: string | undefined, options: Options = {}): Resource<T> {
  const { everyMs, keeps } = options;
  const last = useRef<T | undefined>(undefined);
  const asked = useMemo(() => new Asked<T>(path, keeps ? last.current : undefined), [path]);
  last.current = asked.data.value;
  useEffect(() => {
    asked.reload();
    const timer = everyMs === undefined ? undefined : setInterval(() => asked.again(), everyMs);
    return () => {
      clearInterval(timer);
      asked.stop();
    };
  }, [asked, everyMs]);
  return asked;
}

class Asked<T> implements Resource<T> {
  readonly data: Signal<T | undefined>;
  readonly error = signal<AdminError | undefined>(undefined);
  readonly isLoading = signal(false);
  private abort = new AbortController();

  constructor(
    private readonly path: string | undefined,
    before: T | undefined,
  ) {
    this.data = signal(before);
  }

  readonly reload = async () => {
    if (this.path === undefined) {
      return;
    }
    this.stop();
    this.abort = new AbortController();
    const { signal: stopped } = this.abort;
    this.isLoading.value = true;
    try {
      this.data.value = await admin.get<T>(this.path, stopped);
      this.error.value = undefined;
    } catch (error) {
      if (!stopped.aborted) {
        this.error.value = error as AdminError;
      }
    }
    if (!stopped.aborted) {
      this.isLoading.value = false;
    }
  };

  again() {
    if (document.visibilityState === "visible" && !this.isLoading.value) {
      this.reload();
    }
  }

  stop() {
    this.abort.abort();
  }
}
