/** The chart of a law: measured ends, the fitted law with its band and its exponent, and what was predicted. */
import type { Experiment, LawAxis, WantedFit } from '../experiments/experiment';
import type { Fit } from '../fit-protocol';
import { compact, count, nats, tick } from '../text/numbers';
import { lawChartsText } from '../text/law-charts';
import { text } from '../text/text';
import type { Curves } from './curves';
import {
  kindStyles,
  lawPoints,
  type LawPoints,
  type LawPointsState,
  type MeanPoint,
  type SizeCount,
} from './law-points';
import type { PlotAxis, PlotBand, PlotBracket, PlotLabel, PlotLine, PlotModel } from './plot-model';
import type { Scale } from './store';
import { linearAxis, logAxis, type Axis } from './ticks';
import { valleyParts } from './valley-model';

export type LawState = LawPointsState;

export interface LawView {
  /** Of both axes, where they can be logarithmic. */
  scale: Scale;
  count: SizeCount;
}

/** What a law's curve is drawn over. */
const FITTED: Partial<Record<LawAxis, WantedFit['x']>> = { active: 'n', tokens: 'd', compute: 'c' };

/** Letters of the laws' variables, as everybody writes them. */
const SYMBOLS: Record<string, string> = { n: 'N', d: 'D', c: 'C' };

const T = lawChartsText.chart;

const FEWEST_TICKS = 4;

/** Everything between the axes. */
export type Parts = Pick<PlotModel, 'bands' | 'lines' | 'labels' | 'brackets'>;

interface Range {
  min: number;
  max: number;
}

function rangeOf(values: readonly number[]): Range | undefined {
  const sound = values.filter((value) => Number.isFinite(value));
  return sound.length > 0 ? { min: Math.min(...sound), max: Math.max(...sound) } : undefined;
}

/** Where the run that is to be predicted will lie; undefined where nothing is, or the size is not known yet. */
export function targetOf(
  experiment: Experiment,
  { law, series }: Pick<LawState, 'law' | 'series'>,
): { arm: string; x: number } | undefined {
  const arm = experiment.law?.predicted;
  if (arm === undefined) return undefined;
  const x = law.prediction?.x ?? series.find((each) => each.arm === arm)?.active;
  return x === undefined ? undefined : { arm, x };
}

/** Places along the axis at which there is, or will be, an end. */
function places(experiment: Experiment, state: LawState, points: LawPoints, count: SizeCount): number[] {
  const axis = experiment.law?.x ?? 'active';
  const target = count === 'active' ? targetOf(experiment, state) : undefined;
  const planned = state.series.flatMap((series) => {
    const ends = [...series.branches.map(({ steps }) => steps), series.steps];
    if (axis === 'active') return [series[count]];
    if (axis === 'tokens') return ends.map((steps) => steps * series.tokensPerStep);
    return axis === 'compute' ? ends.map((steps) => steps * series.flopsPerStep) : [];
  });
  return [...planned, ...points.runs.map(({ x }) => x), ...(target ? [target.x] : [])];
}

function horizontal(experiment: Experiment, spots: readonly number[], view: LawView, width: number): PlotAxis {
  const axis = experiment.law?.x ?? 'active';
  const wanted = Math.max(2, Math.min(8, Math.floor(width / 85)));
  const log = view.scale === 'log';
  const name = axis === 'active' ? T.axis[view.count] : T.axis[axis];
  const { arms } = experiment.varies;
  switch (axis) {
    case 'curriculum':
      return {
        ...{ min: -0.6, max: arms.length - 0.4, ticks: arms.map((_arm, i) => i), log: false, label: name },
        format: (value) => arms[value]?.name ?? '',
      };
    case 'noise': {
      const levels = arms.map(({ data }) => 100 * (data?.noise ?? 0));
      const most = Math.max(...levels);
      return {
        ...{ min: -0.08 * most, max: 1.08 * most, ticks: levels, log: false, label: name },
        format: (value) => T.share(value),
      };
    }
    case 'epochs': {
      const epochs = arms.map((arm) => arm.epochs ?? 1);
      const most = Math.max(...epochs);
      const bounds = log ? { min: 0.75, max: 1.33 * most } : { min: -0.03 * most, max: 1.05 * most };
      return { ...bounds, ticks: epochs, log, label: log ? text.chart.logarithmic(name) : name, format: count };
    }
    default: {
      const range = rangeOf(spots) ?? { min: 1e3, max: 1e4 };
      const made = log
        ? logAxis(range.min / 1.3, range.max * 1.3, wanted)
        : linearAxis(0, range.max * 1.08, Math.min(wanted, 6));
      const format = axis === 'compute' ? tick : compact;
      return { ...made, log, label: log ? text.chart.logarithmic(name) : name, format };
    }
  }
}

function vertical(
  state: LawState,
  points: LawPoints,
  extra: readonly number[],
  { scale }: LawView,
  height: number,
): PlotAxis {
  const { view, series } = state;
  const floor = view.vertical === 'loss' ? (points.floor ?? 0) : 0;
  const guessing = (series[0]?.guessing ?? 3.4) - (view.vertical === 'loss' ? 0 : (points.floor ?? 0.9));
  const ended = points.means.filter(({ hollow }) => !hollow);
  const own = [...points.runs.map(({ y }) => y), ...extra];
  const bars = ended.flatMap(({ y, low = y, high = y }) => [Math.max(low, y / 1.6), Math.min(high, y * 1.6)]);
  const range = rangeOf(ended.length > 0 ? [...own, ...bars] : [...own, guessing, floor + (guessing - floor) / 6]);
  const heads = points.means.filter(({ hollow }) => hollow).map(({ y }) => y);
  const { min, max } = range ?? { min: guessing / 6, max: guessing };
  // A run that has just begun is far above the others: it comes into sight from the upper edge.
  const low = Math.min(min, ...heads);
  const high = Math.max(max, Math.min(1.5 * max, ...(heads.length > 0 ? heads : [0])));
  const wanted = Math.max(3, Math.min(8, Math.floor(height / 50)));
  const label = text.chart.vertical[view.vertical];
  if (scale === 'linear') {
    const from = view.vertical === 'loss' ? Math.floor(floor * 9) / 10 : -0.02 * high;
    const axis = linearAxis(from, high * 1.08, wanted);
    return { ...axis, ticks: axis.ticks.filter((value) => value >= 0), log: false, label, format: tick };
  }
  const least = view.vertical === 'loss' ? Math.min(low * 0.97, floor * 0.98) : low * 0.93;
  return {
    ...withTicks(logAxis(least, high * 1.05, wanted)),
    log: true,
    label: text.chart.logarithmic(label),
    format: tick,
  };
}

/** Over less than a factor of two round mantissas are too few to read a value by. */
function withTicks(axis: Axis): Axis {
  if (axis.ticks.length >= FEWEST_TICKS) return axis;
  const { ticks } = linearAxis(axis.min, axis.max, 2 * FEWEST_TICKS);
  return { ...axis, ticks: ticks.filter((value) => value >= axis.min) };
}

/** Least and largest measured place of a kind, but for the run that was predicted. */
function measured(experiment: Experiment, points: LawPoints, kind: string): Range | undefined {
  const { predicted } = experiment.law ?? {};
  return rangeOf(points.runs.filter((run) => run.kind === kind && run.arm !== predicted).map(({ x }) => x));
}

/** Part of a drawn law that lies within bounds. */
function within(
  { curve }: Fit,
  offset: number,
  { min, max }: Range,
): { x: number[]; y: number[]; low: number[]; high: number[] } {
  const inside = curve.x.flatMap((x, i) => (x >= min * (1 - 1e-9) && x <= max * (1 + 1e-9) ? [i] : []));
  // One more on either side, so that the line ends where the bounds are and not a grid's step before.
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return { x: [], y: [], low: [], high: [] };
  const at = (x: number, values: readonly number[]): number => {
    const behind = Math.min(
      curve.x.length - 1,
      Math.max(
        1,
        curve.x.findIndex((each) => each >= x),
      ),
    );
    const [x0, x1] = [curve.x[behind - 1]!, curve.x[behind]!];
    const part = Math.log(x / x0) / Math.log(x1 / x0);
    return values[behind - 1]! * (values[behind]! / values[behind - 1]!) ** part;
  };
  const from = Math.max(min, curve.x[0]!);
  const to = Math.min(max, curve.x.at(-1)!);
  const x = [...new Set([from, ...inside.map((i) => curve.x[i]!), to])].sort((a, b) => a - b);
  const pick = (values: readonly number[]): number[] => x.map((each) => at(each, values) + offset);
  return { x, y: pick(curve.y), low: pick(curve.low), high: pick(curve.high) };
}

/** A law in signs. What it falls towards is part of it, unless that is zero to the eye. */
function exponentOf({ parameters, intervals, x, curve }: Fit, offset: number) {
  const { alpha = NaN, E = 0 } = parameters;
  const [low, high] = intervals.alpha ?? [NaN, NaN];
  const [symbol, towards] = [SYMBOLS[x] ?? x, E + offset];
  return {
    text: towards > 0.01 * (Math.min(...curve.y) + offset) ? T.towards(towards, symbol) : T.proportional(symbol),
    power: T.exponent(alpha),
    detail: Number.isFinite(low) && Number.isFinite(high) ? T.interval90(low, high) : T.noInterval,
  };
}

/** A fitted law: its line and band over what was measured, the line alone beyond, and its exponent at the end. */
function fittedParts(
  experiment: Experiment,
  state: LawState,
  points: LawPoints,
  axis: Range,
): { parts: Parts; named: Set<string> } {
  const wanted = FITTED[experiment.law?.x ?? 'active'];
  const styles = kindStyles(experiment);
  const offset = state.view.vertical === 'loss' ? (points.floor ?? 0) : 0;
  const parts: Parts = { bands: [], lines: [], labels: [], brackets: [] };
  const named = new Set<string>();
  for (const fit of state.law.fits) {
    const range = measured(experiment, points, fit.kind);
    if (fit.x !== wanted || (fit.law !== 'power' && fit.law !== 'frontier') || !range) continue;
    const style = styles.get(fit.kind) ?? 0;
    const drawn = within(fit, offset, range);
    const end = { x: drawn.x.at(-1), y: drawn.y.at(-1) };
    if (end.x === undefined || end.y === undefined) continue;
    named.add(fit.kind);
    const kind = fit.law === 'frontier' ? T.best : fit.kind;
    if (!fit.enough) {
      parts.lines.push({ role: 'few', style, x: drawn.x, y: drawn.y });
      parts.labels.push({ style, x: end.x, y: end.y, text: kind, detail: T.tooFew(fit.law), place: 'right' });
      continue;
    }
    parts.bands.push({ style, x: drawn.x, low: drawn.low, high: drawn.high });
    parts.lines.push({ role: 'law', style, x: drawn.x, y: drawn.y });
    const beyond = within(fit, offset, { min: range.max, max: axis.max });
    const carried = experiment.law?.predicted !== undefined && beyond.x.length > 1;
    if (carried) parts.lines.push({ role: 'beyond', style, x: beyond.x, y: beyond.y });
    const at = carried ? { x: beyond.x.at(-1)!, y: beyond.y.at(-1)! } : { x: end.x, y: end.y };
    const { text: words, ...rest } = exponentOf(fit, offset);
    parts.labels.push({ ...at, ...rest, style, text: `${kind} ${words}`, place: 'right' });
  }
  return { parts, named };
}

/** Ends of one size against compute or tokens, joined by a thin line. */
function runLines(means: readonly MeanPoint[]): PlotLine[] {
  const arms = [...new Set(means.map(({ arm }) => arm))];
  return arms.flatMap((arm): PlotLine[] => {
    const own = means.filter((mean) => mean.arm === arm).toSorted((a, b) => a.x - b.x);
    const style = own[0]?.style ?? 0;
    return own.length > 1 ? [{ role: 'run', style, x: own.map(({ x }) => x), y: own.map(({ y }) => y) }] : [];
  });
}

function last<T extends { x: number }>(points: readonly T[]): T | undefined {
  return points.reduce<T | undefined>((best, next) => (!best || next.x > best.x ? next : best), undefined);
}

/** Names at the right: of kinds that no law names yet; of sizes, or of lengths, where those tell points apart. */
function names(experiment: Experiment, means: readonly MeanPoint[], named: ReadonlySet<string>): PlotLabel[] {
  const { x: axis, everyEnd } = experiment.law ?? {};
  const label = (mean: MeanPoint | undefined, words: string, quiet = false): PlotLabel[] =>
    mean ? [{ style: quiet ? undefined : mean.style, x: mean.x, y: mean.y, text: words, quiet, place: 'right' }] : [];
  if (axis === 'compute') {
    const arms = [...new Set(means.map(({ arm }) => arm))];
    return arms.flatMap((arm) => label(last(means.filter((mean) => mean.arm === arm)), arm));
  }
  if (axis === 'active' || axis === 'tokens') {
    const kinds = [...new Set(means.map(({ kind }) => kind))].filter((kind) => !named.has(kind));
    return kinds.flatMap((kind) => label(last(means.filter((mean) => mean.kind === kind)), kind));
  }
  if (!everyEnd) return [];
  const lengths = [...new Set(means.filter(({ hollow }) => !hollow).map(({ tokens }) => tokens))];
  const longest = Math.max(...lengths);
  return lengths.flatMap((tokens) => {
    const own = last(means.filter((mean) => mean.tokens === tokens));
    return label(own, T.after(tokens), tokens < longest);
  });
}

function predictionParts(experiment: Experiment, state: LawState, offset: number): Pick<Parts, 'brackets' | 'labels'> {
  const { prediction } = state.law;
  if (!prediction || experiment.law?.predicted === undefined) return { brackets: [], labels: [] };
  const { x, predicted, interval, measured: came, hit } = prediction;
  const bracket: PlotBracket = {
    ...{ style: undefined, along: 'y', x },
    ...{ y: predicted + offset, low: interval[0] + offset, high: interval[1] + offset },
  };
  const words = came === undefined ? T.predicted(predicted + offset) : hit ? T.hit : T.miss;
  const detail = came === undefined ? undefined : T.cameTo(came + offset, predicted + offset);
  const label: PlotLabel = {
    ...{ style: undefined, x, y: bracket.high, text: words, place: 'right' },
    ...(detail !== undefined && { detail }),
  };
  return { brackets: [bracket], labels: [label] };
}

/** Ends of shorter lengths step back where the longest is what counts. */
function isFaint(experiment: Experiment, tokens: number, longest: number): boolean {
  const { x, everyEnd } = experiment.law ?? {};
  return everyEnd === true && (x === 'noise' || x === 'curriculum') && tokens < longest;
}

function hintOf(points: LawPoints): string | undefined {
  return points.means.length === 0 ? T.waiting : undefined;
}

/** Characters kept for the right end from the beginning, so that the plot stays put when a law arrives. */
function roomOf(experiment: Experiment): number {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
  const { x, fits = [], answer, everyEnd } = experiment.law ?? {};
  const kinds = [...new Set(experiment.varies.arms.map((arm) => arm.kind ?? arm.name))];
  if (answer === 'balance') return 13;
  if (fits.length > 0) return Math.max(19, longest(kinds) + 11);
  return x !== 'epochs' && everyEnd ? 20 : longest(x === 'epochs' ? [] : kinds);
}

export function lawModel(
  experiment: Experiment,
  state: LawState,
  curves: Curves | undefined,
  width: number,
  height: number,
  view: LawView,
): PlotModel {
  const points = lawPoints(experiment, state, curves, view.count);
  const { runs, means } = points;
  const offset = state.view.vertical === 'loss' ? (points.floor ?? 0) : 0;
  const x = horizontal(experiment, places(experiment, state, points, view.count), view, width);
  const ended = means.filter(({ hollow }) => !hollow);
  const valleys = experiment.law?.answer === 'balance';
  // A law of active parameters is none of all that are held.
  const lawful = view.count === 'active' && !valleys;
  const fitted = lawful ? fittedParts(experiment, state, points, x) : undefined;
  const found = valleys ? valleyParts(points, state.law.fits, offset, view.count) : undefined;
  const made = fitted?.parts ?? found ?? { bands: [], lines: [], labels: [], brackets: [] };
  const foretold = view.count === 'active' ? predictionParts(experiment, state, offset) : { brackets: [], labels: [] };
  const joined = experiment.law?.x === 'compute' ? runLines(ended) : [];
  const longest = Math.max(0, ...ended.map(({ tokens }) => tokens));
  const reached = [
    ...foretold.brackets.flatMap(({ low, high }) => [low, high]),
    ...made.brackets.map(({ y }) => y),
    ...made.lines.flatMap(({ role, y }) => (role === 'beyond' ? y : [])),
  ];
  const y = vertical(state, points, reached, view, height);
  const floor = points.floor ?? 0;
  const rules =
    state.view.vertical === 'loss'
      ? [{ y: floor, text: text.chart.floor(nats(floor, 2)) }]
      : y.log
        ? []
        : [{ y: 0, text: text.chart.floorZero }];
  return {
    x,
    y,
    bands: made.bands satisfies PlotBand[],
    lines: [...joined, ...made.lines],
    runs: runs.map(({ key, style, x, y, tokens }) => ({
      key,
      style,
      x,
      y,
      faint: isFaint(experiment, tokens, longest),
    })),
    means: means.map((mean) => ({
      ...{ style: mean.style, x: mean.x, y: Math.min(mean.y, y.max), hollow: mean.hollow },
      ...(mean.low !== undefined && mean.high !== undefined && { low: mean.low, high: mean.high }),
      faint: isFaint(experiment, mean.tokens, longest),
    })),
    labels: [
      ...made.labels,
      ...(valleys ? [] : names(experiment, means, fitted?.named ?? new Set())),
      ...foretold.labels,
    ],
    rules: points.floor === undefined ? [] : rules,
    brackets: [...made.brackets, ...foretold.brackets],
    room: roomOf(experiment),
    hint: hintOf(points),
  };
}
