/** What a view shows of the server: asked for when it opens, again when told, and every so often. */

import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
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
}

/** GET of a path of the admin API; `undefined`: nothing to ask yet. */
export function useAdmin<T>(path: string | undefined, { everyMs }: Options = {}): Resource<T> {
  const asked = useMemo(() => new Asked<T>(path), [path]);
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
  readonly data = signal<T | undefined>(undefined);
  readonly error = signal<AdminError | undefined>(undefined);
  readonly isLoading = signal(false);
  private abort = new AbortController();

  constructor(private readonly path: string | undefined) {}

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
