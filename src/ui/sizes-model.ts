/**
 * Loss against size: where each series stands now (hollow), and where it ended on the held-out set (solid). On the
 * chart of memory a dot lies at the numbers that one token uses, and a line runs from it to all that are held.
 */
import { compact, nats, tick } from '../text/numbers';
import { belowText } from '../text/below';
import { text } from '../text/text';
import type { ChartModel, Dot, Label, Line } from './chart-model';
import type { Curves } from './curves';
import type { Series } from './series';
import { standing } from './standing';
import type { LabState } from './store';
import { linearAxis, logAxis, roundLogBounds } from './ticks';

export type SizesState = Pick<LabState, 'series' | 'ends' | 'view'>;
export type SizesKind = 'size' | 'memory';

interface Placed {
  series: Series;
  dot: Dot;
}

function place(state: SizesState, curves: Curves, kind: SizesKind): Placed[] {
  return state.series.flatMap((series, index): Placed[] => {
    const now = standing(state, curves, index);
    if (!now || now.value <= 0) return [];
    const x = kind === 'size' ? series.size : series.active;
    const dot: Dot = { x, y: now.value, style: series.style, hollow: !now.final };
    if (now.half === undefined) return [{ series, dot }];
    const low = Math.max(now.value - now.half, now.value / 1e3);
    return [{ series, dot: { ...dot, low, high: now.value + now.half } }];
  });
}

/** A line that only leads the eye. */
function guide(style: number, dashed: boolean, x: number[], y: number[]): Line {
  const none = x.map(() => null);
  return { name: '', style, dashed, faint: true, x, y, low: none, high: none };
}

function guides(placed: readonly Placed[], series: readonly Series[], kind: SizesKind): Line[] {
  if (kind === 'memory') {
    return placed.map(({ series: { total, style }, dot }) => guide(style, false, [dot.x, total], [dot.y, dot.y]));
  }
  // A line through the measured ends is no fit.
  const ended = placed.map(({ dot }) => dot).filter((dot) => !dot.hollow);
  if (ended.length < 2 || ended.length < series.length) return [];
  ended.sort((a, b) => a.x - b.x);
  const [x, y] = [ended.map((dot) => dot.x), ended.map((dot) => dot.y)];
  return [guide(5, true, x, y)];
}

function labels(placed: readonly Placed[], kind: SizesKind): Label[] {
  return placed.flatMap(({ series: { arm, style, total }, dot }): Label[] => {
    const name: Label = { x: dot.x, y: dot.high ?? dot.y, style, text: arm, place: 'above' };
    if (kind === 'size') return [name];
    return [name, { x: total, y: dot.y, style, text: belowText.sizes.held(total), place: 'right' }];
  });
}

function axes({ view, series }: SizesState, dots: readonly Dot[], kind: SizesKind, width: number, height: number) {
  const log = view.scale === 'log';
  const sizes = series.flatMap((each) => (kind === 'size' ? [each.size] : [each.active, each.total]));
  const guessing = series[0] ? series[0].guessing - (view.vertical === 'excess' ? series[0].floor : 0) : 3;
  const ys = dots.flatMap((dot) => [dot.y, dot.high ?? dot.y]);
  const lows = dots.flatMap((dot) => [dot.y * 0.9, Math.max(dot.low ?? dot.y, dot.y / 2)]);
  const high = Math.max(guessing * 1.1, ...ys);
  const [low] = roundLogBounds(Math.min(guessing / 2, ...lows), high);
  const wantedX = Math.max(2, Math.floor(width / 80));
  const wantedY = Math.max(3, Math.floor(height / 55));
  const smallest = sizes.length > 0 ? Math.min(...sizes) : 2e3;
  const largest = sizes.length > 0 ? Math.max(...sizes) : 1e4;
  return {
    x: log ? logAxis(smallest / 1.6, largest * 1.6, wantedX) : linearAxis(0, largest * 1.15, wantedX),
    y: log ? logAxis(low, high, wantedY) : linearAxis(0, high, wantedY),
  };
}

export function sizesModel(
  state: SizesState,
  curves: Curves,
  width: number,
  height: number,
  kind: SizesKind = 'size',
): ChartModel {
  const log = state.view.scale === 'log';
  const placed = place(state, curves, kind);
  const dots = placed.map(({ dot }) => dot);
  const { x, y } = axes(state, dots, kind, width, height);
  const label = text.chart.vertical[state.view.vertical];
  const sizeLabel = kind === 'size' ? belowText.sizes.axis : text.chart.horizontal.parameters.axis;
  return {
    x: {
      ...x,
      log,
      label: log ? text.chart.logarithmic(sizeLabel) : sizeLabel,
      format: compact,
      exact: (value) => text.chart.at(belowText.sizes.parameters(value)),
    },
    y: { ...y, log, label: log ? text.chart.logarithmic(label) : label, format: tick, exact: (value) => nats(value) },
    // One line of one point for each dot, so that it can be pointed at.
    lines: [
      ...placed.map(({ series, dot }): Line => ({
        name: series.arm,
        style: dot.style,
        dashed: false,
        x: [dot.x],
        y: [dot.y],
        low: [null],
        high: [null],
      })),
      ...guides(placed, state.series, kind),
    ],
    dots,
    labels: labels(placed, kind),
    rules: [],
    marks: [],
    hint: kind === 'memory' && placed.length === 0 ? belowText.sizes.waiting : undefined,
  };
}
