/** What a percentage that the reader bet on came to. */
import type { Experiment } from '../experiments/experiment';
import type { LawState } from './store';

export interface MeasuredShare {
  /** Per cent, as the interval's ends. */
  value: number;
  low?: number;
  high?: number;
  /** What the interval holds, in per cent. */
  holds: number;
}

function cut(factor: number): number {
  return 100 * (1 - 1 / factor);
}

/** Undefined before the verdict. Data: the last doubling of the largest model. Compute: a doubling along the frontier. */
export function measuredShare({ law: plan }: Experiment, { verdict, fits, runs }: LawState): MeasuredShare | undefined {
  if (!verdict || !plan) return undefined;
  const frontier = fits.find(({ law, enough }) => law === 'frontier' && enough);
  const alpha = frontier?.parameters.alpha;
  if (plan.answer === 'compute' && alpha !== undefined) {
    const [low, high] = frontier?.intervals.alpha ?? [];
    return {
      value: cut(2 ** alpha),
      ...(low !== undefined && high !== undefined && { low: cut(2 ** low), high: cut(2 ** high) }),
      holds: 90,
    };
  }
  const size = (arm: string): number => runs.find((run) => run.arm === arm)?.paramsActive ?? 0;
  const largest = Math.max(0, ...verdict.comparisons.map(({ to }) => size(to)));
  const last = verdict.comparisons.filter(({ to }) => plan.answer === 'compute' || size(to) === largest).at(-1);
  if (!last) return undefined;
  const { factor, low, high } = last;
  return {
    value: cut(factor),
    ...(low !== undefined && high !== undefined && { low: cut(low), high: cut(high) }),
    holds: 95,
  };
}
