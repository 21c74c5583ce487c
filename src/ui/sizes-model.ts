/** Loss against size: where each size stands now (hollow), and where it ended on the held-out set (solid). */
import { compact, nats, tick } from '../text/numbers';
import { text } from '../text/text';
import type { ChartModel, Dot, Label, Line } from './chart-model';
import type { Curves } from './curves';
import { standing } from './standing';
import type { LabState } from './store';
import { linearAxis, logAxis, roundLogBounds } from './ticks';

export type SizesState = Pick<LabState, 'series' | 'ends' | 'view'>;

/** Where a size stands, as a dot. */
function dotOf(state: SizesState, curves: Curves, index: number): Dot | undefined {
  const series = state.series[index];
  const now = standing(state, curves, index);
  if (!series || !now || now.value <= 0) return undefined;
  const dot: Dot = { x: series.size, y: now.value, style: index, hollow: !now.final };
  if (now.half === undefined) return dot;
  return { ...dot, low: Math.max(now.value - now.half, now.value / 1e3), high: now.value + now.half };
}

export function sizesModel(state: SizesState, curves: Curves, width: number, height: number): ChartModel {
  const log = state.view.scale === 'log';
  const { series } = state;
  const dots = series.map((_each, index) => dotOf(state, curves, index)).filter((dot) => dot !== undefined);
  const sizes = series.map((each) => each.size);
  const guessing = series[0] ? series[0].guessing - (state.view.vertical === 'excess' ? series[0].floor : 0) : 3;
  const ys = dots.flatMap((dot) => [dot.y, dot.high ?? dot.y]);
  const lows = dots.flatMap((dot) => [dot.y * 0.9, Math.max(dot.low ?? dot.y, dot.y / 2)]);
  const high = Math.max(guessing * 1.1, ...ys);
  const [low] = roundLogBounds(Math.min(guessing / 2, ...lows), high);
  const wantedX = Math.max(2, Math.floor(width / 80));
  const wantedY = Math.max(3, Math.floor(height / 55));
  const smallest = Math.min(...sizes);
  const largest = Math.max(...sizes);
  const x = log
    ? logAxis(sizes.length > 0 ? smallest / 1.6 : 1e3, sizes.length > 0 ? largest * 1.6 : 2e4, wantedX)
    : linearAxis(0, sizes.length > 0 ? largest * 1.15 : 2e4, wantedX);
  const y = log ? logAxis(low, high, wantedY) : linearAxis(0, high, wantedY);
  const label = text.chart.vertical[state.view.vertical];

  // One line of one point for each dot, so that it can be pointed at.
  const lines = dots.map((dot): Line => ({
    name: series[dot.style]?.arm ?? '',
    style: dot.style,
    dashed: false,
    x: [dot.x],
    y: [dot.y],
    low: [null],
    high: [null],
  }));
  // A line through the measured ends leads the eye and is no fit.
  const ended = dots.filter((dot) => !dot.hollow).sort((a, b) => a.x - b.x);
  if (ended.length > 1 && ended.length === series.length) {
    const none = ended.map(() => null);
    const [x, y] = [ended.map((dot) => dot.x), ended.map((dot) => dot.y)];
    lines.push({ name: '', style: 5, dashed: true, faint: true, x, y, low: none, high: none });
  }

  return {
    x: {
      ...x,
      log,
      label: log ? text.chart.logarithmic(text.chart.size) : text.chart.size,
      format: compact,
      exact: (value) => text.chart.at(text.chart.parameters(value)),
    },
    y: { ...y, log, label: log ? text.chart.logarithmic(label) : label, format: tick, exact: (value) => nats(value) },
    lines,
    dots,
    labels: dots.map((dot): Label => ({
      x: dot.x,
      y: dot.high ?? dot.y,
      style: dot.style,
      text: series[dot.style]?.arm ?? '',
      place: 'above',
    })),
    rules: [],
    marks: [],
  };
}
