/** The queue of a sweep: which sizes have been trained, which one is under way, and the seconds of each. */
import type { Experiment } from '../experiments/experiment';
import { kindOf } from '../experiments/observations';
import { DENSE } from './arm-style';
import type { Curves } from './curves';
import { kindStyles } from './law-points';
import { isActive, type LabState } from './store';

export interface QueueEntry {
  arm: string;
  style: number;
  state: 'done' | 'under way' | 'to come' | 'not trained';
  /** 0 … 1 */
  fraction: number;
  /** It took; or, still to come, it will about take; undefined where that is not known. */
  seconds: number | undefined;
}

export type QueueState = Pick<LabState, 'series' | 'progress' | 'phase' | 'law'>;

/** Least work first, as they are trained. */
export function queueOf(
  experiment: Experiment,
  state: QueueState,
  curves: Pick<Curves, 'steps' | 'seconds'>,
): QueueEntry[] {
  const { progress, phase } = state;
  const styles = kindStyles(experiment);
  const active = isActive(phase);
  const sorted = state.series
    .map((series) => ({ series, work: series.steps * series.flopsPerStep }))
    .sort((a, b) => a.work - b.work);
  const standing = sorted.map(({ series, work }) => {
    const own = progress?.cohorts[series.cohort];
    const fraction = own ? Math.min(1, own.step / Math.max(1, own.steps)) : 0;
    const before = state.law.runs.filter(({ arm }) => arm === series.arm);
    return { series, before, work, fraction, left: work * (1 - fraction) };
  });
  const left = standing.reduce((sum, each) => sum + (each.before.length > 0 ? 0 : each.left), 0);
  return standing.map(({ series, before, fraction, left: own }): QueueEntry => {
    const { arm, cohort } = series;
    const style = styles.get(kindOf(experiment, arm)) ?? DENSE;
    const spent = curves.seconds(cohort, curves.steps(cohort));
    const earlier = before[0]?.seconds;
    const whole = series.replicas.length <= before.filter((run) => run.branch.budgetFlops >= last(before)).length;
    if (fraction >= 1 || (before.length > 0 && fraction === 0 && whole)) {
      return { arm, style, state: 'done', fraction: 1, seconds: spent > 0 ? spent : earlier };
    }
    if (fraction > 0) return { arm, style, state: active ? 'under way' : 'not trained', fraction, seconds: spent };
    const share = progress && left > 0 && active ? (progress.secondsLeft * own) / left : undefined;
    return { arm, style, state: active || phase === 'idle' ? 'to come' : 'not trained', fraction: 0, seconds: share };
  });
}

function last(runs: LabState['law']['runs']): number {
  return Math.max(...runs.map(({ branch }) => branch.budgetFlops));
}
