/** The learning curves of an experiment on a law, arm by arm, on shared axes: what the small multiples draw. */
import type { Experiment } from '../experiments/experiment';
import { kindOf } from '../experiments/observations';
import type { RunResult } from '../protocol';
import { DENSE } from './arm-style';
import type { Curves } from './curves';
import { kindStyles, runKey } from './law-points';
import type { Series } from './series';
import type { LabState, View } from './store';
import { LOG_SPAN, stretches } from './stretches';

export type TileState = 'done' | 'under way' | 'to come';

/** One run, on the tile's places; a hole where nothing was measured. */
interface TileSeed {
  key: string;
  seed: number;
  y: (number | undefined)[];
}

export interface Tile {
  arm: string;
  kind: string;
  style: number;
  state: TileState;
  x: number[];
  mean: number[];
  low: number[];
  high: number[];
  seeds: TileSeed[];
}

interface Bounds {
  min: number;
  max: number;
  log: boolean;
}

export interface Multiples {
  tiles: Tile[];
  x: Bounds;
  y: Bounds;
}

export type MultiplesState = Pick<LabState, 'series' | 'law' | 'view'>;

type Unit = 'flops' | 'tokens';

/** What the curves lie over: compute, or data. */
export function unitOf({ horizontal }: View): Unit {
  return horizontal === 'tokens' ? 'tokens' : 'flops';
}

/** The last row of each run: it has the whole curve. */
function lastRows(runs: readonly RunResult[], arm: string): RunResult[] {
  const rows = new Map<number, RunResult>();
  for (const run of runs) {
    if (run.arm === arm && run.tokens >= (rows.get(run.seed)?.tokens ?? 0)) rows.set(run.seed, run);
  }
  return [...rows.values()].sort((a, b) => a.seed - b.seed);
}

/** Mean, lowest and highest at each place, where any seed has a value. */
function summarised(xs: readonly number[], seeds: TileSeed[]): Pick<Tile, 'x' | 'mean' | 'low' | 'high' | 'seeds'> {
  const some = xs.map((_x, i) => seeds.some(({ y }) => y[i] !== undefined));
  const kept = <V>(values: readonly V[]): V[] => values.filter((_value, i) => some[i]);
  const own = seeds.map((seed) => ({ ...seed, y: kept(seed.y) }));
  const x = kept(xs);
  const at = x.map((_x, i) => own.map(({ y }) => y[i]).filter((value) => value !== undefined));
  return {
    x,
    mean: at.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    low: at.map((values) => Math.min(...values)),
    high: at.map((values) => Math.max(...values)),
    seeds: own,
  };
}

/** From the steps of this sitting. */
function live(series: Series, curves: Curves, view: View, points: number) {
  const log = view.scale === 'log';
  const arrived = curves.steps(series.cohort);
  const perStep = unitOf(view) === 'tokens' ? series.tokensPerStep : series.flopsPerStep;
  const first = log ? Math.max(1, Math.floor(series.steps / LOG_SPAN)) : 1;
  const cut = stretches(first, series.steps, log, points).filter(({ from }) => from <= arrived);
  const xs = cut.map(({ from, to }) => perStep * (log ? Math.sqrt(from * to) : (from + to) / 2));
  const seeds = series.replicas.map((replica, i): TileSeed => {
    const seed = series.seeds[i] ?? 0;
    const y = cut.map(({ from, to }) =>
      curves.mean(series.cohort, replica, view.vertical, from, Math.min(to, arrived)),
    );
    return { key: runKey(series.arm, seed), seed, y };
  });
  return summarised(xs, seeds);
}

/** A result keeps single steps, some of them: fewer places average over enough to be read. */
const RECORDED_POINTS = 40;

/** From results of an earlier sitting, whose curves are thinned already; each place is the mean of what lies there. */
function recorded(rows: readonly RunResult[], view: View, points: number) {
  const log = view.scale === 'log';
  const lasts = rows.map((row) => row.curve.step.at(-1) ?? 1);
  const end = Math.max(1, ...lasts);
  const first = log ? Math.max(1, Math.floor(end / LOG_SPAN)) : 1;
  const cut = stretches(first, end, log, Math.min(points, RECORDED_POINTS));
  const perStep = (row: RunResult, last: number): number =>
    (unitOf(view) === 'tokens' ? row.tokens : row.trainFlops) / Math.max(1, last);
  const scale = rows[0] ? perStep(rows[0], lasts[0] ?? 1) : 1;
  const xs = cut.map(({ from, to }) => scale * (log ? Math.sqrt(from * to) : (from + to) / 2));
  const seeds = rows.map((row): TileSeed => {
    const { step } = row.curve;
    const values = row.curve[view.vertical];
    let next = 0;
    const y = cut.map(({ from, to }) => {
      while (next < step.length && step[next]! < from) next++;
      let [sum, n] = [0, 0];
      for (; next < step.length && step[next]! <= to; next++) {
        const value = values[next]!;
        if (!Number.isFinite(value)) continue;
        sum += value;
        n++;
      }
      return n > 0 ? sum / n : undefined;
    });
    return { key: runKey(row.arm, row.seed), seed: row.seed, y };
  });
  return summarised(xs, seeds);
}

function stateOf(series: Series | undefined, curves: Curves | undefined, rows: readonly RunResult[]): TileState {
  const arrived = series && curves ? curves.steps(series.cohort) : 0;
  if (series && arrived > 0 && arrived < series.steps) return 'under way';
  return rows.length > 0 || (series && arrived >= series.steps) ? 'done' : 'to come';
}

function boundsOf(tiles: readonly Tile[], state: MultiplesState): Pick<Multiples, 'x' | 'y'> {
  const { series, view } = state;
  const log = view.scale === 'log';
  const unit = unitOf(view);
  const planned = series.map((each) => each.steps * (unit === 'tokens' ? each.tokensPerStep : each.flopsPerStep));
  const most = Math.max(1, ...planned, ...tiles.flatMap(({ x }) => x.at(-1) ?? 0));
  const least = Math.min(...planned, ...tiles.flatMap(({ x }) => x.at(-1) ?? Infinity), most);
  const values = tiles.flatMap(({ low, high }) => [...low, ...high]).filter((value) => value > 0);
  const guessing = series[0] ? series[0].guessing - (view.vertical === 'excess' ? series[0].floor : 0) : 2.5;
  const high = Math.max(guessing, ...(values.length > 0 ? [Math.min(guessing * 1.1, Math.max(...values))] : []));
  const low = Math.min(high / 4, ...values);
  return {
    x: { min: log ? least / LOG_SPAN : 0, max: most, log },
    y: { min: log ? low * 0.9 : view.vertical === 'excess' ? 0 : low * 0.9, max: high * 1.08, log },
  };
}

/**
 * Tiles by kind, as the experiment names them, and within a kind in its order.
 *
 * @param points places along a tile's axis, at most: no more than it has pixels
 */
export function multiplesModel(
  experiment: Experiment,
  state: MultiplesState,
  curves: Curves | undefined,
  points: number,
): Multiples {
  const { series, law, view } = state;
  const styles = kindStyles(experiment);
  const shown = new Set([...series.map(({ arm }) => arm), ...law.runs.map(({ arm }) => arm)]);
  const arms = [
    ...experiment.varies.arms.map(({ name }) => name).filter((arm) => shown.has(arm)),
    ...[...shown].filter((arm) => !experiment.varies.arms.some(({ name }) => name === arm)),
  ];
  const tiles = arms.map((arm): Tile => {
    const own = series.find((each) => each.arm === arm);
    const rows = lastRows(law.runs, arm);
    const kind = kindOf(experiment, arm);
    const arrived = own && curves ? curves.steps(own.cohort) : 0;
    return {
      ...{ arm, kind, style: styles.get(kind) ?? DENSE, state: stateOf(own, curves, rows) },
      ...(own && curves && arrived > 0 ? live(own, curves, view, points) : recorded(rows, view, points)),
    };
  });
  const kinds = [...new Set(tiles.map(({ kind }) => kind))];
  const sorted = tiles.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
  return { tiles: sorted, ...boundsOf(sorted, state) };
}

/** Columns that a width has room for; where kinds are equally many, one row a kind. */
export function columnsFor(tiles: readonly { kind: string }[], width: number, least: number): number {
  const fit = Math.max(1, Math.floor(width / least));
  const kinds = [...new Set(tiles.map(({ kind }) => kind))];
  const sizes = kinds.map((kind) => tiles.filter((tile) => tile.kind === kind).length);
  const [first = 1] = sizes;
  if (kinds.length > 1 && sizes.every((n) => n === first) && first > 1 && first <= fit) return first;
  const columns = Math.min(fit, Math.max(1, tiles.length));
  // As few as fill the same number of rows: no row is left nearly empty.
  return Math.ceil(tiles.length / Math.max(1, Math.ceil(tiles.length / columns))) || 1;
}
