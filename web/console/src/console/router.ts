/** Where one is, and how to get elsewhere. */

import { computed, signal } from "@preact/signals";
import { match, type Params, type Place, placeOf } from "./route_match";
import { type Route, routes } from "./routes";

export const place = signal<Place>(placeOf(location.hash));

addEventListener("hashchange", () => {
  place.value = placeOf(location.hash);
});

export interface Here {
  /** `undefined`: there is nothing at this address. */
  route: Route | undefined;
  params: Params;
}

/** Changes with the path only, not with the query. */
const path = computed(() => place.value.path);

export const here = computed<Here>(() => {
  for (const route of routes) {
    const params = match(route.path, path.value);
    if (params !== undefined) {
      return { route, params };
    }
  }
  return { route: undefined, params: {} };
});

/** Goes to an address as `to` makes them. */
export function go(address: string) {
  location.hash = address;
}

/** The same without a step to come back to. */
export function replace(address: string) {
  history.replaceState(null, "", address);
  place.value = placeOf(address);
}

/** Keeps what a view is set to in its address; empty texts are left out. */
export function setQuery(values: Record<string, string>) {
  const query = new URLSearchParams(place.value.query);
  for (const [name, value] of Object.entries(values)) {
    value === "" ? query.delete(name) : query.set(name, value);
  }
  const text = query.toString();
  replace(`#${place.value.path}${text && `?${text}`}`);
}
