/** Keys that work everywhere outside of fields: "/" and Ctrl K search, "?" says which keys there are. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Dialog } from "../part/dialog";
import { openPalette, PalettePlace } from "./palette";
import { go } from "./router";
import { words } from "./words";

/** The second key after "g". */
const PLACES: Record<string, string> = { o: "#/", a: "#/apps" };
/** So long after "g" the second key still counts. */
const SECOND_KEY_MS = 1_500;

export function Keyboard() {
  const isHelpOpen = useSignal(false);
  useEffect(() => {
    let wentAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault();
        return openPalette();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
        return undefined;
      }
      const second = event.timeStamp - wentAt < SECOND_KEY_MS ? PLACES[event.key] : undefined;
      wentAt = event.key === "g" ? event.timeStamp : 0;
      if (second !== undefined) {
        go(second);
      } else if (event.key === "/") {
        event.preventDefault();
        openPalette();
      } else if (event.key === "?") {
        isHelpOpen.value = true;
      }
      return undefined;
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <>
      <PalettePlace />
      {isHelpOpen.value && <Help close={() => (isHelpOpen.value = false)} />}
    </>
  );
}

/** What is typed there is text, and a dialog has keys of its own. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
}

function Help({ close }: { close: () => void }) {
  const { help, keys, followedBy } = words.value;
  const rows = [
    [["/", "Ctrl K"], "", keys.search],
    [["?"], "", keys.help],
    [["g", "o"], followedBy, keys.goOverview],
    [["g", "a"], followedBy, keys.goApps],
    [["↑", "↓", "←", "→"], "", keys.move],
    [["Esc"], "", keys.escape],
  ] as const;
  return (
    <Dialog title={help} close={close}>
      <dl class="keys">
        {rows.map(([pressed, between, what]) => (
          <div key={what}>
            <dt>
              {pressed.map((key, at) => (
                <span key={key}>
                  {at > 0 && ` ${between} `}
                  <kbd>{key}</kbd>
                </span>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
