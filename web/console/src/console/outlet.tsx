/** Where the view of the address appears. The focus goes to its heading, as with a page's load. */

import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useErrorBoundary, useRef } from "preact/hooks";
import { Empty } from "./part/empty";
import { Failure } from "./part/failure";
import { Head } from "./part/head";
import { Loading } from "./part/loaded";
import { here } from "./router";
import type { Route, ViewProps } from "./routes";
import { words } from "./words";

/** Views that were loaded before are shown at once. */
const loaded = new Map<Route, ComponentType<ViewProps>>();

export function Outlet() {
  const { route, params } = here.value;
  const failed = useSignal<Route | undefined>(undefined);
  const ready = useSignal(0);
  useEffect(() => {
    if (route === undefined || loaded.has(route)) {
      return;
    }
    route.load().then(
      ({ View }) => {
        loaded.set(route, View);
        ready.value += 1;
      },
      () => (failed.value = route),
    );
  }, [route]);

  // Reading it here makes this be drawn again when a view has come.
  const View = ready.value >= 0 && route ? loaded.get(route) : undefined;
  const key = `${route?.path}\n${Object.values(params).join("\n")}`;
  useFocus(key, View !== undefined);

  if (route === undefined) {
    return <Nothing />;
  }
  if (View !== undefined) {
    return <Shown key={key} View={View} params={params} />;
  }
  return failed.value === route ? <NotLoaded /> : <Loading />;
}

/** A view that fails fails alone: the navigation beside it goes on. */
function Shown({ View, params }: ViewProps & { View: ComponentType<ViewProps> }) {
  const [error, again] = useErrorBoundary((error) => console.error(error));
  return error === undefined ? (
    <View params={params} />
  ) : (
    <>
      <Head />
      <Failure error={error} retry={again} />
    </>
  );
}

/** Not at the first view: there the browser's own beginning of the page is right. */
function useFocus(key: string, isShown: boolean) {
  const last = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!isShown || last.current === key) {
      return;
    }
    if (last.current !== undefined) {
      document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
      document.querySelector("main")?.scrollTo(0, 0);
    }
    last.current = key;
  }, [key, isShown]);
}

function Nothing() {
  return (
    <Empty icon="search" title={words.value.nothingHere}>
      <a class="button" href="#/">
        {words.value.toOverview}
      </a>
    </Empty>
  );
}

function NotLoaded() {
  return (
    <Empty icon="warn" title={words.value.notLoaded}>
      <button type="button" onClick={() => location.reload()}>
        {words.value.reload}
      </button>
    </Empty>
  );
}
