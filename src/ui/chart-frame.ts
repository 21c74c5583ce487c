/** Axes and rules of the live chart around what is drawn on it; before anything has arrived, that is nothing. */
import { nats, tick } from '../text/numbers';
import { text } from '../text/text';
import type { ChartAxis, ChartModel, Dot, Line, Rule } from './chart-model';
import type { Curves } from './curves';
import type { Series } from './series';
import type { LabState, View } from './store';
import { horizontalBounds } from './stretches';
import { linearAxis, logAxis, roundLogBounds } from './ticks';

/** Characters of `0.00 ± 0.00`. */
const LONGEST_DETAIL = 11;

/** Everything of the state that the chart depends on. */
export type CurvesState = Pick<LabState, 'series' | 'ends' | 'changes' | 'view'>;

/** What is drawn between the axes. */
export type Drawn = Pick<ChartModel, 'lines' | 'dots' | 'labels' | 'marks'>;

function rulesOf(series: readonly Series[], view: View): Rule[] {
  const [first] = series;
  if (!first) return [];
  const floor = series.reduce((sum, each) => sum + each.floor, 0) / series.length;
  const guessing = { y: view.vertical === 'loss' ? first.guessing : first.guessing - floor, text: text.chart.guessing };
  // Nobody knows the floor of a text.
  if (floor === 0) return [guessing];
  if (view.vertical === 'loss') return [guessing, { y: floor, text: text.chart.floor(nats(floor, 2)) }];
  return view.scale === 'linear' ? [guessing, { y: 0, text: text.chart.floorZero }] : [guessing];
}

function horizontalAxis(state: CurvesState, curves: Curves, width: number): ChartAxis {
  const { view } = state;
  const log = view.scale === 'log';
  const wanted = Math.max(3, Math.min(9, Math.floor(width / 90)));
  const { min, max } = horizontalBounds(state, curves);
  const axis = log ? logAxis(min, max, wanted) : linearAxis(0, max, wanted);
  const names = text.chart.horizontal[view.horizontal];
  return {
    ...axis,
    log,
    label: log ? text.chart.logarithmic(names.axis) : names.axis,
    format: tick,
    exact: (value) => text.chart.at(names.exact(value)),
  };
}

function verticalAxis(state: CurvesState, lines: Line[], dots: Dot[], height: number): ChartAxis {
  const { view, series } = state;
  const log = view.scale === 'log';
  const wanted = Math.max(3, Math.min(8, Math.floor(height / 55)));
  const [first] = series;
  const floor = first?.floor ?? 0;
  const guessing = first?.guessing ?? 3;
  const top = (view.vertical === 'loss' ? guessing : guessing - floor) * (log ? 1.12 : 1.06);
  const values = [
    ...lines.flatMap((line) => [...line.low, ...line.high]).filter((value) => value !== null),
    ...dots.flatMap((dot) => [dot.y, dot.low ?? dot.y, dot.high ?? dot.y]),
  ];
  // A band that reaches to nothing must not flatten everything else.
  const centres = lines.flatMap((line) => line.y).filter((value) => value !== null);
  const lowestCentre = Math.min(top / 2, ...centres, ...dots.map((dot) => dot.y));
  const high = Math.max(top, Math.min(Math.max(top, ...values), top * 1.6));
  let axis;
  if (log) {
    const low =
      view.vertical === 'loss' && floor > 0
        ? floor * 0.94
        : Math.max(lowestCentre * 0.6, Math.min(...values, lowestCentre * 0.85));
    const [min] = roundLogBounds(low, high);
    axis = logAxis(view.vertical === 'loss' && floor > 0 ? low : min, high, wanted);
  } else {
    axis = linearAxis(view.vertical === 'loss' ? Math.floor(floor * 0.8 * 10) / 10 : -0.08, high, wanted);
    axis.ticks = axis.ticks.filter((value) => value >= 0);
  }
  const label = text.chart.vertical[view.vertical];
  return {
    ...axis,
    log,
    label: log ? text.chart.logarithmic(label) : label,
    format: tick,
    exact: (value) => nats(value),
  };
}

const NOTHING: Drawn = { lines: [], dots: [], labels: [], marks: [] };

export function chartFrame(
  state: CurvesState,
  curves: Curves,
  width: number,
  height: number,
  drawn = NOTHING,
): ChartModel {
  const { series, view } = state;
  return {
    ...drawn,
    x: horizontalAxis(state, curves, width),
    y: verticalAxis(state, drawn.lines, drawn.dots, height),
    room: { text: Math.max(0, ...series.map(({ arm }) => arm.length)), detail: LONGEST_DETAIL },
    rules: rulesOf(series, view),
    hint: drawn.lines.some((line) => line.x.length > 0) ? undefined : text.chart.waiting(hopes(series)),
  };
}

/** How many curves of how many seeds are to come. */
function hopes(series: readonly Series[]): { lines: number; seeds: number } {
  return { lines: series.length, seeds: Math.max(0, ...series.map(({ seeds }) => seeds.length)) };
}
