/** The side of the console: where one can go. On a phone it is behind a button. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { language } from "../look/language";
import { appName, apps } from "./apps";
import { openPalette } from "./palette";
import { Icon, type IconName } from "./part/icon";
import { Preferences } from "./preferences";
import { here } from "./router";
import { type Route, routes } from "./routes";
import { words } from "./words";

export function Navigation() {
  const isOpen = useSignal(false);
  const { route, params } = here.value;
  useEffect(() => {
    isOpen.value = false;
  }, [route, params.app]);
  const say = words.value;
  return (
    <header class="side" data-open={isOpen.value}>
      <div class="side-top">
        <a class="brand" href="#/">
          <img src="/console/icon.svg" alt="" width="26" height="26" />
          OpenMIMC
        </a>
        <button type="button" class="icon" aria-label={say.search} onClick={() => openPalette()}>
          <Icon name="search" />
        </button>
        <button
          type="button"
          class="icon menu"
          aria-label={say.menu}
          aria-expanded={isOpen.value}
          aria-controls="menu"
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          <Icon name={isOpen.value ? "close" : "menu"} />
        </button>
      </div>
      <div class="side-rest" id="menu">
        <nav aria-label={say.navigation}>
          <Group title={say.server} of="server" />
          <AppGroup app={params.app} />
          <Group title={say.tools} of="tools" />
          <h2>{say.elsewhere}</h2>
          <ul>
            <Outside href="/chat" icon="chat" title={say.chat} />
            <Outside href="/docs" icon="book" title={say.docs} />
          </ul>
        </nav>
        <Preferences />
      </div>
    </header>
  );
}

function Group({ title, of }: { title: string; of: Route["menu"] }) {
  const shown = routes.filter(({ menu }) => menu === of);
  if (shown.length === 0) {
    return null;
  }
  return (
    <>
      <h2>{title}</h2>
      <ul>
        {shown.map((route) => (
          <Item key={route.path} route={route} address={`#${route.path}`} />
        ))}
      </ul>
    </>
  );
}

/** The app that one looks at, or looked at last, and its pages. */
function AppGroup({ app }: { app: string | undefined }) {
  const last = useSignal(app);
  if (app !== undefined && last.value !== app) {
    last.value = app;
  }
  const known = apps.value ?? [];
  const only = known.length === 1 ? known[0]?.appId : undefined;
  const isKnown = app !== undefined || known.some(({ appId }) => appId === last.value);
  const chosen = isKnown ? last.value : only;
  if (chosen === undefined && known.length === 0) {
    return null;
  }
  return (
    <>
      <h2>{words.value.app}</h2>
      <button type="button" class="switcher" onClick={() => openPalette(true)}>
        <span>{chosen === undefined ? words.value.chooseApp : appName(chosen)}</span>
        <Icon name="expand" />
      </button>
      {chosen !== undefined && (
        <ul>
          {routes
            .filter(({ menu }) => menu === "app")
            .map((route) => (
              <Item
                key={route.path}
                route={route}
                address={`#${route.path.replace(":app", encodeURIComponent(chosen))}`}
              />
            ))}
        </ul>
      )}
    </>
  );
}

function Item({ route, address }: { route: Route; address: string }) {
  const isHere = isCurrent(route);
  return (
    <li>
      <a href={address} aria-current={isHere ? "page" : undefined}>
        {route.icon && <Icon name={route.icon} />}
        {route.title[language.value]}
      </a>
    </li>
  );
}

/** A view below one of the menu, as an account below the accounts, belongs to it. */
function isCurrent(route: Route): boolean {
  const current = here.value.route;
  if (current === undefined || current.menu !== undefined) {
    return current === route;
  }
  return current.path.startsWith(`${route.path}/`) && route.path !== "/" && route.menu === "app"
    ? route.path !== "/apps/:app"
    : false;
}

function Outside({ href, icon, title }: { href: string; icon: IconName; title: string }) {
  return (
    <li>
      <a href={href}>
        <Icon name={icon} />
        {title}
      </a>
    </li>
  );
}
