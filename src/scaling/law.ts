/** What the laws have in common: each turns weighted observations into a sample that a sum of powers is fitted to. */
import type { Observation, Place } from '../fit-protocol';
import type { Sample, SumOfPowers } from './sum-of-powers';

/** Five distinct values of x are the fewest through which a law is more than a line to a reader. */
export const ENOUGH_SIZES = 5;

/** Of token counts, for a law with two axes: with three, one is left over to contradict. */
export const ENOUGH_TOKENS = 3;

export interface Law {
  /** As `Fit.x`. */
  x: string;
  /** What the law says at a place, as logarithms of its terms' axes. */
  logX: (at: Place) => number[];
  /**
   * What is fitted when each observation counts `weights` times. Undefined where that is too little to determine the
   * law: such resamples are drawn again.
   */
  sample: (weights: Float64Array) => Sample | undefined;
  parameters: (sum: SumOfPowers) => Record<string, number>;
  /** True where the sample is made from the observations, so that its scatter is not that of seeds. */
  derived: boolean;
}

/** Distinct values among the entries that count. */
export function distinct(values: ArrayLike<number>, weights: ArrayLike<number>): number {
  const seen = new Set<number>();
  for (let i = 0; i < values.length; i++) if (weights[i]! > 0) seen.add(values[i]!);
  return seen.size;
}

export function logsOf(observations: readonly Observation[], of: (each: Observation) => number): Float64Array {
  return Float64Array.from(observations, (each) => Math.log(of(each)));
}

export function ones(count: number): Float64Array {
  return new Float64Array(count).fill(1);
}
