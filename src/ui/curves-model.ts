/** From the arrived steps to the live chart: loss against compute, one line a size, a band over its seeds. */
import { studentInterval } from '../math/statistics';
import { text } from '../text/text';
import { nats, tick } from '../text/numbers';
import type { ChartAxis, ChartModel, Dot, Label, Line, Mark, Rule } from './chart-model';
import type { Curves } from './curves';
import type { Series } from './series';
import { finalEnds } from './standing';
import type { End, LabState, View } from './store';
import { linearAxis, logAxis, roundLogBounds } from './ticks';

/** Points of a finished line. Each is a mean over the steps between two of them. */
const POINTS = 64;
/** Characters of `0.00 ± 0.00`. */
const LONGEST_DETAIL = 11;
/** Rows of the table behind the chart. */
const ROWS = 12;
/** A log axis begins this far below its end: the first steps say little and would take half of it. */
const LOG_SPAN = 64;

/** Everything of the state that the model depends on. */
export type CurvesState = Pick<LabState, 'series' | 'ends' | 'changes' | 'view' | 'progress'>;

/** Steps that become one point: `from` … `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** Cuts the steps `first` … `steps` into stretches that are equally long on the axis. */
export function stretches(first: number, steps: number, log: boolean, points = POINTS): Stretch[] {
  const found: Stretch[] = [];
  let from = first;
  for (let i = 1; i <= points && from <= steps; i++) {
    const part = i / points;
    const to = Math.round(log ? first * (steps / first) ** part : first - 1 + (steps - first + 1) * part);
    if (to < from) continue;
    found.push({ from, to });
    from = to + 1;
  }
  return found;
}

/** What one step is worth on the horizontal axis. */
function perStep(series: Series, horizontal: View['horizontal']): number {
  switch (horizontal) {
    case 'flops':
      return series.flopsPerStep;
    case 'tokens':
      return series.tokensPerStep;
    default:
      return 1;
  }
}

function position(series: Series, curves: Curves, horizontal: View['horizontal'], step: number): number {
  return horizontal === 'seconds'
    ? curves.seconds(series.cohort, Math.round(step))
    : step * perStep(series, horizontal);
}

/** Mean and band over seeds of one stretch of steps. */
function spread(values: number[], band: View['band']): { mean: number; low: number; high: number } {
  const { mean, half } = studentInterval(values);
  if (band === 'interval' && half !== undefined) return { mean, low: mean - half, high: mean + half };
  return { mean, low: Math.min(...values), high: Math.max(...values) };
}

/** Where the horizontal axis begins and ends, in its own unit. */
function horizontalBounds(state: CurvesState, curves: Curves): { min: number; max: number } {
  const { view, series } = state;
  if (view.horizontal === 'seconds') {
    const { progress } = state;
    const expected = progress && progress.secondsLeft > 0 ? progress.secondsElapsed + progress.secondsLeft : 0;
    const reached = series.map((each) => curves.seconds(each.cohort, curves.steps(each.cohort)));
    const max = Math.max(1, expected, ...reached);
    return { min: max / LOG_SPAN, max };
  }
  const scales = series.map((each) => perStep(each, view.horizontal));
  const max = Math.max(1, ...series.map((each, i) => each.steps * (scales[i] ?? 1)));
  const firsts = series.map((each, i) => Math.max(1, Math.floor(each.steps / LOG_SPAN)) * (scales[i] ?? 1));
  return { min: firsts.length > 0 ? Math.min(...firsts) : max / LOG_SPAN, max };
}

function lineOf(series: Series, index: number, curves: Curves, view: View, min: number): Line {
  const log = view.scale === 'log';
  const line: Line = { name: series.arm, style: index, dashed: true, x: [], y: [], low: [], high: [] };
  const arrived = curves.steps(series.cohort);
  let lastX = -Infinity;
  // The lump of steps before the axis begins is not drawn; what begins later on the axis begins at step 1.
  const first = log && view.horizontal !== 'seconds' ? Math.ceil(min / perStep(series, view.horizontal)) : 1;
  for (const stretch of stretches(Math.max(1, first), series.steps, log)) {
    if (stretch.from > arrived) break;
    // A stretch that is still filling is as long as it will be, reaching back, or its few steps would jitter.
    const to = Math.min(stretch.to, arrived);
    const from = Math.max(1, Math.min(stretch.from, to - (stretch.to - stretch.from)));
    const values = series.replicas
      .map((replica) => curves.mean(series.cohort, replica, view.vertical, from, to))
      .filter((value) => value !== undefined);
    const x = position(series, curves, view.horizontal, log ? Math.sqrt(from * to) : (from + to) / 2);
    // A log axis has no place for what is not above zero, and uPlot wants x to ascend.
    if (values.length === 0 || x <= lastX || (log && x <= 0)) continue;
    const { mean, low, high } = spread(values, view.band);
    if (log && mean <= 0) continue;
    lastX = x;
    line.x.push(x);
    line.y.push(mean);
    line.low.push(log ? Math.max(low, mean / 1e3) : low);
    line.high.push(high);
  }
  return line;
}

function endDots(state: CurvesState, curves: Curves): Dot[] {
  const { view } = state;
  const groups = new Map<string, End[]>();
  for (const end of state.ends) {
    const key = `${end.series}/${end.fraction}`;
    groups.set(key, [...(groups.get(key) ?? []), end]);
  }
  return [...groups.values()].flatMap((group): Dot[] => {
    const [first] = group;
    const series = first && state.series[first.series];
    const values = group.filter((end) => !end.diverged).map((end) => end[view.vertical]);
    if (!first || !series || values.length === 0) return [];
    const { mean, half } = studentInterval(values);
    if (view.scale === 'log' && mean <= 0) return [];
    const dot: Dot = {
      x: position(series, curves, view.horizontal, first.step),
      y: mean,
      style: first.series,
      hollow: first.fraction < 1,
    };
    return [half === undefined ? dot : { ...dot, low: floorAt(mean - half, mean, view), high: mean + half }];
  });
}

/** Keeps the foot of an error bar above zero where the axis has no zero. */
function floorAt(low: number, mean: number, view: View): number {
  return view.scale === 'log' ? Math.max(low, mean / 1e3) : low;
}

/** A hollow dot at the end of each line that is still being drawn. */
function heads(state: CurvesState, lines: Line[]): Dot[] {
  return lines.flatMap((line, index) => {
    const x = line.x.at(-1);
    const y = line.y.at(-1);
    if (x === undefined || typeof y !== 'number' || finalEnds(state.ends, index).length > 0) return [];
    return [{ x, y, style: index, hollow: true }];
  });
}

function labelOf(line: Line, index: number, state: CurvesState, dots: Dot[]): Label[] {
  const x = line.x.at(-1);
  const y = line.y.at(-1);
  if (x === undefined || typeof y !== 'number') return [];
  const ends = finalEnds(state.ends, index).filter((end) => !end.diverged);
  const dot = dots.find((candidate) => candidate.style === index && !candidate.hollow);
  if (!dot || ends.length === 0) return [{ x, y, style: index, text: line.name, detail: nats(y, 2), place: 'right' }];
  const { mean, half } = studentInterval(ends.map((end) => end[state.view.vertical]));
  const detail = half === undefined ? nats(mean, 2) : text.chart.plusMinus(nats(mean, 2), nats(half, 2));
  return [{ x: dot.x, y: dot.y, style: index, text: line.name, detail, place: 'right' }];
}

function marksOf(state: CurvesState, curves: Curves): Mark[] {
  const { view } = state;
  const marks: Mark[] = [];
  state.series.forEach((series, index) => {
    const at = (step: number): { x: number; y: number } | undefined => {
      const from = Math.max(1, step - 2);
      const values = series.replicas
        .map((replica) => curves.mean(series.cohort, replica, view.vertical, from, Math.max(from, step)))
        .filter((value) => value !== undefined);
      const y = values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
      if (y === undefined || (view.scale === 'log' && y <= 0)) return undefined;
      return { x: position(series, curves, view.horizontal, Math.max(1, step)), y };
    };
    series.replicas.forEach((replica, i) => {
      const step = curves.divergedAt(series.cohort, replica);
      if (step === undefined) return;
      const place = at(step - 1) ?? { x: position(series, curves, view.horizontal, step), y: series.guessing };
      marks.push({ ...place, style: index, kind: 'diverged', text: text.chart.diverged(series.seeds[i] ?? 0) });
    });
    // One change of a size reaches each of its seeds; it is one event to the reader.
    const told = new Set<string>();
    for (const change of state.changes) {
      if (change.cohort !== series.cohort || !series.replicas.includes(change.replica)) continue;
      const words = text.chart.change(change.patch);
      const key = `${change.step}/${words}`;
      const place = at(change.step);
      if (told.has(key) || !place) continue;
      told.add(key);
      marks.push({ ...place, style: index, kind: 'change', text: words });
    }
  });
  return marks;
}

function rulesOf(series: readonly Series[], view: View): Rule[] {
  const [first] = series;
  if (!first) return [];
  const floor = series.reduce((sum, each) => sum + each.floor, 0) / series.length;
  const guessing = { y: view.vertical === 'loss' ? first.guessing : first.guessing - floor, text: text.chart.guessing };
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
      view.vertical === 'loss' ? floor * 0.94 : Math.max(lowestCentre * 0.6, Math.min(...values, lowestCentre * 0.85));
    const [min] = roundLogBounds(low, high);
    axis = logAxis(view.vertical === 'loss' ? low : min, high, wanted);
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

export function curvesModel(state: CurvesState, curves: Curves, width: number, height: number): ChartModel {
  const { min } = horizontalBounds(state, curves);
  const lines = state.series.map((series, index) => lineOf(series, index, curves, state.view, min));
  const dots = endDots(state, curves);
  return {
    x: horizontalAxis(state, curves, width),
    y: verticalAxis(state, lines, dots, height),
    lines,
    dots: [...dots, ...heads(state, lines)],
    labels: lines.flatMap((line, index) => labelOf(line, index, state, dots)),
    room: { text: Math.max(0, ...state.series.map((series) => series.arm.length)), detail: LONGEST_DETAIL },
    rules: rulesOf(state.series, state.view),
    hint: lines.some((line) => line.x.length > 0) ? undefined : text.chart.waiting,
    marks: marksOf(state, curves),
  };
}

/** A row of the table behind the chart: every size's mean and range over the stretch of steps that ends there. */
export interface CurveRow {
  step: number;
  cells: ({ mean: number; low: number; high: number } | undefined)[];
}

export function curveRows(state: CurvesState, curves: Curves): CurveRow[] {
  const steps = Math.max(1, ...state.series.map((series) => series.steps));
  return stretches(Math.max(1, Math.floor(steps / LOG_SPAN)), steps, true, ROWS)
    .map(({ from, to }) => ({
      step: to,
      cells: state.series.map((series) => {
        const values = series.replicas
          .map((replica) => curves.mean(series.cohort, replica, state.view.vertical, from, to))
          .filter((value) => value !== undefined);
        return values.length > 0 ? spread(values, 'range') : undefined;
      }),
    }))
    .filter((row) => row.cells.some((cell) => cell !== undefined));
}
