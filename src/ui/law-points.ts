/** The runs of an experiment on a law as points: a dot for every measured end, one for the mean of an arm's seeds. */
import type { Experiment, LawAxis } from '../experiments/experiment';
import { endsThatCount, isSound, kindOf } from '../experiments/observations';
import { studentInterval } from '../math/statistics';
import type { RunResult } from '../protocol';
import { DENSE, SPARSE } from './arm-style';
import type { Curves } from './curves';
import type { Series } from './series';
import type { LabState } from './store';

/** Names a run on every chart and table, so that what is pointed at here lights up there. */
export function runKey(arm: string, seed: number): string {
  return `${arm}/${seed}`;
}

/** Whether sizes are counted by the numbers that a token uses, or by all that are held. */
export type SizeCount = 'active' | 'total';

export type LawPointsState = Pick<LabState, 'series' | 'law' | 'view'>;

/** One end of one run, on the held-out set. */
export interface RunPoint {
  key: string;
  arm: string;
  kind: string;
  style: number;
  seed: number;
  x: number;
  y: number;
  /** Whatever is drawn. */
  excess: number;
  n: number;
  tokens: number;
  flops: number;
}

/** The seeds of an arm together, at one length of training. */
export interface MeanPoint {
  arm: string;
  kind: string;
  style: number;
  x: number;
  y: number;
  /** 95 % interval of the mean (Student's t); absent for one seed, and while it trains. */
  low?: number;
  high?: number;
  /** Still training: the mean of the last steps' training losses. */
  hollow: boolean;
  tokens: number;
  flops: number;
  n: number;
  /** By seed; empty while it trains. */
  values: { seed: number; value: number }[];
  diverged: number;
}

export interface LawPoints {
  runs: RunPoint[];
  means: MeanPoint[];
  /** Mean of the runs' floors; undefined before any is known. */
  floor: number | undefined;
}

/** Steps over which a training loss is averaged to say where a run stands. */
const WINDOW = 24;

/** Looks of kinds that are neither dense nor sparse, by their order. */
const OTHER_STYLES = [DENSE, 1, 3, 4, 0];

/** Kinds of an experiment in the order of its arms, each with its look. */
export function kindStyles({ varies }: Experiment): Map<string, number> {
  const kinds = [...new Set(varies.arms.map((arm) => arm.kind ?? arm.name))];
  const named = new Map([
    ['dense', DENSE],
    ['sparse', SPARSE],
  ]);
  return new Map(kinds.map((kind, i) => [kind, named.get(kind) ?? OTHER_STYLES[i % OTHER_STYLES.length] ?? DENSE]));
}

/** What lies along the axis where it is no measure of the run: a share, a number of readings, a place in a list. */
function settingOf(experiment: Experiment, axis: LawAxis, arm: string): number | undefined {
  const index = experiment.varies.arms.findIndex(({ name }) => name === arm);
  const found = experiment.varies.arms[index];
  switch (axis) {
    case 'noise':
      return 100 * (found?.data?.noise ?? 0);
    case 'epochs':
      return found?.epochs ?? 1;
    case 'curriculum':
      return index;
    default:
      return undefined;
  }
}

interface Measures {
  active: number;
  total: number;
  tokens: number;
  flops: number;
}

function along(experiment: Experiment, count: SizeCount, arm: string, of: Measures): number {
  const axis = experiment.law?.x ?? 'active';
  const setting = settingOf(experiment, axis, arm);
  if (setting !== undefined) return setting;
  if (axis === 'tokens') return of.tokens;
  return axis === 'compute' ? of.flops : of[count];
}

function runPoints(
  experiment: Experiment,
  { law, view }: LawPointsState,
  count: SizeCount,
  styles: Map<string, number>,
): RunPoint[] {
  return endsThatCount(experiment, law.runs)
    .filter(isSound)
    .map((run): RunPoint => {
      const kind = kindOf(experiment, run.arm);
      const measures = measuresOf(run);
      return {
        key: runKey(run.arm, run.seed),
        arm: run.arm,
        kind,
        style: styles.get(kind) ?? DENSE,
        seed: run.seed,
        x: along(experiment, count, run.arm, measures),
        y: run[view.vertical],
        excess: run.excess,
        n: run.paramsActive,
        tokens: run.tokens,
        flops: run.trainFlops,
      };
    });
}

function measuresOf({ paramsActive, paramsTotal, tokens, trainFlops }: RunResult): Measures {
  return { active: paramsActive, total: paramsTotal, tokens, flops: trainFlops };
}

function meanPoints(experiment: Experiment, { law }: LawPointsState, runs: readonly RunPoint[]): MeanPoint[] {
  const groups = new Map<string, RunPoint[]>();
  for (const run of runs) {
    const key = `${run.arm}/${run.tokens}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()].flatMap((group): MeanPoint[] => {
    const [first] = group;
    if (!first) return [];
    const { arm, kind, style, x, n, tokens, flops } = first;
    const { mean, half } = studentInterval(group.map(({ y }) => y));
    const diverged = endsThatCount(experiment, law.runs).filter(
      (run) => run.arm === arm && run.tokens === tokens && !isSound(run),
    ).length;
    return [
      {
        ...{ arm, kind, style, x, n, tokens, flops, diverged },
        y: mean,
        ...(half !== undefined && { low: mean - half, high: mean + half }),
        hollow: false,
        values: group.map(({ seed, y }) => ({ seed, value: y })),
      },
    ];
  });
}

/** Where an arm that is being trained stands now. */
function headOf(
  experiment: Experiment,
  { view }: LawPointsState,
  series: Series,
  curves: Curves,
  count: SizeCount,
  styles: Map<string, number>,
): MeanPoint[] {
  const step = curves.steps(series.cohort);
  if (step === 0 || step >= series.steps) return [];
  const from = Math.max(1, step - WINDOW + 1);
  const values = series.replicas
    .map((replica) => curves.mean(series.cohort, replica, view.vertical, from, step))
    .filter((value) => value !== undefined);
  if (values.length === 0) return [];
  const kind = kindOf(experiment, series.arm);
  const tokens = step * series.tokensPerStep;
  const flops = step * series.flopsPerStep;
  const measures = { active: series.active, total: series.total, tokens, flops };
  return [
    {
      ...{ arm: series.arm, kind, style: styles.get(kind) ?? DENSE, tokens, flops, n: series.active },
      x: along(experiment, count, series.arm, measures),
      y: studentInterval(values).mean,
      hollow: true,
      values: [],
      diverged: series.replicas.length - values.length,
    },
  ];
}

export function lawPoints(
  experiment: Experiment,
  state: LawPointsState,
  curves: Curves | undefined,
  count: SizeCount = 'active',
): LawPoints {
  const styles = kindStyles(experiment);
  const runs = runPoints(experiment, state, count, styles);
  const ended = meanPoints(experiment, state, runs);
  const heads = curves
    ? state.series.flatMap((series) => headOf(experiment, state, series, curves, count, styles))
    : [];
  const floors = [...state.law.runs.map(({ floor }) => floor), ...state.series.map(({ floor }) => floor)];
  const own = floors.filter(Number.isFinite);
  const floor = own.length > 0 ? own.reduce((sum, each) => sum + each, 0) / own.length : undefined;
  return { runs, means: [...ended, ...heads.filter(({ y }) => y > 0)], floor };
}

/** Groups of ends that had the same compute, but for the steps that round it: from little to much. */
export function byCompute<T extends { flops: number }>(points: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const point of points.toSorted((a, b) => a.flops - b.flops)) {
    const group = groups.at(-1);
    if (group?.[0] && point.flops < SAME_COMPUTE * group[0].flops) group.push(point);
    else groups.push([point]);
  }
  return groups;
}

/** Whole steps round the same compute differently for each size. */
const SAME_COMPUTE = 1.15;
