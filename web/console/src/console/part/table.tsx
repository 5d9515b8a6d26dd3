/**
 * Rows of things. A long table scrolls within itself and only draws what can be seen, so that
 * a hundred thousand rows cost what thirty do; a short one is as high as its rows.
 */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { windowOf } from "./table_window";
import { words } from "./words";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures stand at the right, digit below digit. */
  isNumber?: boolean;
  /** Holds buttons: at the right, and its title is only heard. */
  isActions?: boolean;
  /** Left out where the page is narrow. */
  isExtra?: boolean;
  /** As CSS has it: "30%", "8rem". */
  width?: string;
}

interface Props<Row> {
  /** What the table shows, for those who hear it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Where a click on the row leads; the first cell should hold the same as a link. */
  href?: (row: Row) => string;
  /** Called when the last rows come into view, to load what follows. */
  onEnd?: () => void;
}

/** So many rows are drawn as they are. */
const PLAIN_MAX = 60;
/** As in style/table.css. */
const ROW_PX = 44;

export function Table<Row>(props: Props<Row>) {
  const { label, columns, rows, keyOf, href } = props;
  const box = useRef<HTMLElement>(null);
  const isLong = rows.length > PLAIN_MAX;
  const { first, end } = useWindow(box, rows.length, isLong, props.onEnd);
  return (
    <section
      ref={box}
      class={isLong ? "table long" : "table"}
      aria-label={label}
      // What scrolls must be reachable by keyboard.
      tabIndex={isLong ? 0 : undefined}
    >
      <table aria-label={label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.title}
                scope="col"
                class={classOf(column)}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.isActions ? <span class="spoken">{column.title}</span> : column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <Gap rows={first} />}
          {rows.slice(first, end).map((row, at) => (
            <tr
              key={keyOf(row)}
              aria-rowindex={first + at + 2}
              class={href ? "opens" : undefined}
              onClick={href && ((event) => open(event, href(row)))}
            >
              {columns.map((column) => (
                <td key={column.title} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          {end < rows.length && <Gap rows={rows.length - end} />}
        </tbody>
      </table>
      {isLong && <p class="table-foot">{words.value.rows(rows.length)}</p>}
    </section>
  );
}

/** Stands for rows that are not drawn. */
function Gap({ rows }: { rows: number }) {
  return <tr class="gap" style={{ height: `${rows * ROW_PX}px` }} />;
}

function useWindow(
  box: { current: HTMLElement | null },
  rows: number,
  isLong: boolean,
  onEnd?: () => void,
) {
  const seen = useSignal({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || !isLong) {
      return undefined;
    }
    const look = () => {
      seen.value = { top: element.scrollTop, height: element.clientHeight };
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      element.removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [isLong]);

  const drawn = isLong
    ? windowOf(rows, ROW_PX, seen.value.top, seen.value.height)
    : { first: 0, end: rows };
  const isAtEnd = drawn.end === rows && isLong;
  useLayoutEffect(() => {
    if (isAtEnd) {
      onEnd?.();
    }
  }, [isAtEnd, rows]);
  return drawn;
}

/** A click beside the links and buttons of a row, and not one that selects text. */
function open(event: MouseEvent, address: string) {
  const isOwn = (event.target as Element).closest("a, button, input, code") !== null;
  if (!isOwn && getSelection()?.isCollapsed !== false) {
    location.hash = address;
  }
}

function classOf<Row>({ isNumber, isActions, isExtra }: Column<Row>): string | undefined {
  return (
    [(isNumber || isActions) && "number", isExtra && "extra"].filter(Boolean).join(" ") || undefined
  );
}
