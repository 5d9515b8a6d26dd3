/** A text that is kept in the address, for a `Field`: what is sought can be linked. */

import { useMemo } from "preact/hooks";
import { place, setQuery } from "./router";

export function useQueryText(name: string) {
  return useMemo(
    () => ({
      get value() {
        return place.value.query.get(name) ?? "";
      },
      set value(text: string) {
        setQuery({ [name]: text });
      },
    }),
    [name],
  );
}
