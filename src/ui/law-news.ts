/** What stands in a law's place while there is none: what it waits for, or, at the end, why none came. */
import type { Experiment } from '../experiments/experiment';
import { endsThatCount, isSound, kindOf } from '../experiments/observations';
import { lawChartsText } from '../text/law-charts';
import { isActive, type LabState } from './store';

const T = lawChartsText.chart;

export type LawNewsState = Pick<LabState, 'law' | 'series' | 'phase'>;

interface Sized {
  arm: string;
  size: number;
}

/** Different sizes of the kind that has most of them, without the run that is to be predicted. */
function sizesOf(experiment: Experiment, runs: readonly Sized[]): number {
  const sizes = new Map<string, Set<number>>();
  for (const { arm, size } of runs) {
    if (arm === experiment.law?.predicted) continue;
    const kind = kindOf(experiment, arm);
    sizes.set(kind, (sizes.get(kind) ?? new Set()).add(size));
  }
  return Math.max(0, ...[...sizes.values()].map(({ size }) => size));
}

/** Undefined where a law is drawn, or none is wanted. */
export function lawNews(experiment: Experiment, { law, series, phase }: LawNewsState): string | undefined {
  const { fits: wanted = [] } = experiment.law ?? {};
  if (wanted.length === 0) return undefined;
  const ends = endsThatCount(experiment, law.runs).filter(isSound);
  const bySize = wanted.every(({ x }) => x === 'n');
  const sizes = sizesOf(
    experiment,
    ends.map(({ arm, paramsActive: size }) => ({ arm, size })),
  );
  if (!isActive(phase)) {
    if (law.refused === undefined) return undefined;
    return bySize && sizes === 1 ? T.oneSize : T.refused(law.refused);
  }
  if (law.fits.length > 0) return undefined;
  if (!bySize) {
    return T.armsIn(new Set(ends.map(({ arm }) => arm)).size, new Set(series.map(({ arm }) => arm)).size);
  }
  const planned = sizesOf(
    experiment,
    series.map(({ arm, active: size }) => ({ arm, size })),
  );
  return T.sizesIn(sizes, planned);
}
