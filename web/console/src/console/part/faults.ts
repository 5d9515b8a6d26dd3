/** What the server says about single fields of a form, shown beside them. */

import { type Signal, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { AdminError } from "../admin";

export class Faults {
  private readonly fault: Signal<AdminError | undefined> = signal(undefined);

  /** `fields`: those that the form has, as the API names them. */
  constructor(private readonly fields: readonly string[]) {}

  /** Whether an error is about one of the fields, and is shown there from now on. */
  take(error: unknown): boolean {
    const isOurs =
      error instanceof AdminError && error.field !== undefined && this.fields.includes(error.field);
    this.fault.value = isOurs ? error : undefined;
    return isOurs;
  }

  clear() {
    this.fault.value = undefined;
  }

  /** The server names the field first, which is beside it already. */
  of(field: string): string | undefined {
    const fault = this.fault.value;
    return fault?.field === field ? fault.message.replace(`${field}: `, "") : undefined;
  }
}

export function useFaults(fields: readonly string[]): Faults {
  return useMemo(() => new Faults(fields), []);
}
