/** A line to type the name of a page or an app in, and the way there by Enter. */

import { computed, signal, useSignal } from "@preact/signals";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { language } from "../look/language";
import { apps } from "./apps";
import { type Choice, search } from "./palette_search";
import { to } from "./route_match";
import { go, here } from "./router";
import { routes } from "./routes";
import { words } from "./words";

type Palette = "closed" | "all" | "apps";

const palette = signal<Palette>("closed");

export function openPalette(onlyApps = false) {
  palette.value = onlyApps ? "apps" : "all";
}

const choices = computed<Choice[]>(() => {
  const found: Choice[] = (apps.value ?? []).map((app) => ({
    title: app.name,
    about: `${app.package} · ${app.appId}`,
    address: samePage(app.appId),
  }));
  return palette.value === "apps" ? found : [...pages(), ...found];
});

/** The page that one looks at, of another app. */
function samePage(appId: string): string {
  const { route } = here.value;
  const isOfApps = palette.value === "apps" && route?.menu === "app";
  return isOfApps
    ? `#${route.path.replace(":app", encodeURIComponent(appId))}`
    : to`/apps/${appId}`;
}

/** Those of the server, and those of the app that one looks at. */
function pages(): Choice[] {
  const { app } = here.value.params;
  const known = apps.value?.find(({ appId }) => appId === app);
  const shown = routes.filter(({ menu }) => menu !== undefined && (menu !== "app" || app));
  return shown.map(({ path, title, menu }) => ({
    title: title[language.value],
    about: menu === "app" ? (known?.name ?? "") : menu ? words.value[menu] : "",
    address: `#${path.replace(":app", encodeURIComponent(app ?? ""))}`,
  }));
}

export function PalettePlace() {
  return palette.value === "closed" ? null : <PaletteDialog />;
}

function PaletteDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const text = useSignal("");
  const at = useSignal(0);
  // Before the next key is pressed, which belongs into it.
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const found = search(choices.value, text.value);
  const marked = Math.min(at.value, found.length - 1);

  const close = () => {
    palette.value = "closed";
  };
  const choose = ({ address }: Choice) => {
    close();
    go(address);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const choice = found[marked];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      at.value = (marked + step + found.length) % Math.max(1, found.length);
      document.getElementById(`${id}-${at.value}`)?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && choice && !event.isComposing) {
      event.preventDefault();
      choose(choice);
    }
  };
  return (
    <dialog ref={dialog} class="palette" aria-label={words.value.palette} onClose={close}>
      <input
        type="text"
        role="combobox"
        aria-label={words.value.palette}
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${marked}` : undefined}
        aria-autocomplete="list"
        autocomplete="off"
        spellcheck={false}
        placeholder={words.value.paletteHint}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          at.value = 0;
        }}
        onKeyDown={onKeyDown}
      />
      <div role="listbox" id={`${id}-list`} aria-label={words.value.palette}>
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the line above
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the line above
          <div
            key={choice.address}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === marked}
            onClick={() => choose(choice)}
          >
            <span>{choice.title}</span>
            <small>{choice.about}</small>
          </div>
        ))}
      </div>
      <p class="palette-empty" role="status">
        {found.length === 0 && words.value.noneFound}
      </p>
    </dialog>
  );
}
