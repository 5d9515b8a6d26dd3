/**
 * How figures went over time. Charts with the same `group` share their cursor. uPlot is only loaded
 * with the views that draw.
 */

import { type Signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { NONE } from "../../look/figures";
import { clock } from "../../look/language";
import { isDark } from "../../look/theme";
import type { Column } from "../stats";
import { words } from "./words";

export interface Line {
  title: string;
  values: Column;
}

interface Props {
  title: string;
  /** Milliseconds since 1970, ascending; as many as each line has values. */
  at: readonly number[];
  lines: readonly Line[];
  format: (value: number) => string;
  group: string;
  /** How far back the chart goes, however little of it was measured. */
  spanMs: number;
  /** Sizes have their marks at KiB, MiB and so on. */
  isBytes?: boolean;
}

const HEIGHT_PX = 150;
/** 1 B, 2 B, 4 B … 512 TiB. */
const BYTE_STEPS = Array.from({ length: 50 }, (_, power) => 2 ** power);
/** Fewer make no line. */
const POINTS_MIN = 2;

export function Chart(props: Props) {
  const { title, at, lines, format, group, spanMs } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  /** Which point the cursor is at. */
  const pointed = useSignal<number | null>(null);
  const shown = useComputed(() => isDark.value);
  const data = [at, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return undefined;
    }
    const made = new uPlot(options(element, props, pointed), latest.current, element);
    plot.current = made;
    const resized = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: HEIGHT_PX }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [shown.value, lines.length, group, spanMs, at.length < POINTS_MIN]);
  useEffect(() => plot.current?.setData(latest.current), [at, lines]);

  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <Legend at={at} lines={lines} format={format} pointed={pointed} />
      </figcaption>
      {at.length < POINTS_MIN ? (
        <p class="plot waiting">{words.value.measuring}</p>
      ) : (
        <div ref={box} class="plot" aria-hidden="true" />
      )}
    </figure>
  );
}

type LegendProps = Pick<Props, "at" | "lines" | "format"> & { pointed: Signal<number | null> };

/** What the lines are, and their figures at the cursor, or the newest. */
function Legend({ at, lines, format, pointed }: LegendProps) {
  const where = pointed.value;
  const time = where === null ? undefined : at[where];
  const figure = (values: Column) => {
    const value = where === null ? values.findLast((value) => value !== null) : values[where];
    return value === null || value === undefined ? NONE : format(value);
  };
  return (
    <span class="legend">
      {time !== undefined && <time>{clock(time)}</time>}
      {lines.map(({ title, values }, index) => (
        <span key={title} data-line={index + 1}>
          {title} <b>{figure(values)}</b>
        </span>
      ))}
    </span>
  );
}

function options(
  element: HTMLElement,
  { lines, format, group, spanMs, isBytes }: Props,
  pointed: Signal<number | null>,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--muted"),
    font: `11px ${style.fontFamily}`,
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    ms: 1,
    legend: { show: false },
    // On the right, half of a time: the last mark of the axis may be at its end.
    padding: [8, 18, 0, 0],
    cursor: { sync: { key: group }, y: false, drag: { x: false }, points: { size: 7 } },
    scales: {
      x: { range: (_, __, last) => [last - spanMs, last] },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), top(high)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        grid: { show: false },
        space: 70,
        values: (_, at) => at.map((ms) => clock(ms)),
      },
      {
        ...axis,
        size: 62,
        space: 36,
        grid: { stroke: colour("--line"), width: 0.6 },
        values: (_, values) => values.map(format),
        ...(isBytes && { incrs: BYTE_STEPS }),
      },
    ],
    series: [
      {},
      ...lines.map((_, index) => ({
        stroke: colour(`--line-${index + 1}`),
        width: 1.6,
        fill: index === 0 ? `${colour("--line-1")}14` : undefined,
        points: { show: true, size: 4, filter: alone },
      })),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          pointed.value = plot.cursor.idx ?? null;
        },
      ],
    },
  };
}

/** A line of zeros lies at the bottom, not in the middle. */
function top(high: number | null): number {
  return high === null || high <= 0 ? 1 : high * 1.08;
}

/** Measurements without neighbours, which no line shows. */
function alone(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const isNone = (at: number) => values[at] === null || values[at] === undefined;
  const found: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    if (!isNone(at) && isNone(at - 1) && isNone(at + 1)) {
      found.push(at);
    }
  }
  return found;
}
