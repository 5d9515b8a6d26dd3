/** Several panels in one place. Arrow keys go from tab to tab. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

export interface Tab {
  name: string;
  title: string;
  panel: () => ComponentChildren;
}

interface Props {
  label: string;
  tabs: readonly Tab[];
  /** The name of the first one to show. */
  start?: string;
  onChoose?: (name: string) => void;
}

export function Tabs({ label, tabs, start, onChoose }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const chosen = useSignal(start);
  const at = Math.max(
    0,
    tabs.findIndex(({ name }) => name === chosen.value),
  );
  const choose = (to: number, isByKey: boolean) => {
    const tab = tabs[(to + tabs.length) % tabs.length];
    if (tab === undefined) {
      return;
    }
    chosen.value = tab.name;
    onChoose?.(tab.name);
    if (isByKey) {
      list.current?.querySelector<HTMLElement>(`[data-name="${tab.name}"]`)?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      choose(step, true);
    }
  };
  return (
    <div class="tabs">
      <div ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ name, title }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            data-name={name}
            aria-selected={index === at}
            aria-controls={`${id}-panel`}
            tabIndex={index === at ? 0 : -1}
            onClick={() => choose(index, false)}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tabs[at]?.name}`}>
        {tabs[at]?.panel()}
      </div>
    </div>
  );
}
