/**
 * A power law with a floor, along one axis: y = E + A·x^−α (Hestness et al. 2017, arXiv 1712.00409; Kaplan et al. 2020,
 * arXiv 2001.08361), E known (0 for an excess) or fitted. Fitted as in sum-of-powers.ts.
 */
import type { Axis, Observation } from '../fit-protocol';
import { distinct, logsOf, type Law } from './law';
import type { SumOfPowers } from './sum-of-powers';

/** Distinct x that determine it: as many as it has parameters. */
export function neededForPower(floor: number | undefined): number {
  return floor === undefined ? 3 : 2;
}

export function powerParameters({ terms, E }: SumOfPowers): Record<string, number> {
  const [{ logA, alpha }] = terms as [SumOfPowers['terms'][number]];
  return { A: Math.exp(logA), alpha, E };
}

/** The law of y = `loss` along `axis`. */
export function powerLaw(observations: readonly Observation[], axis: Axis, floor: number | undefined): Law {
  const logX = logsOf(observations, (each) => each[axis] ?? NaN);
  const logY = logsOf(observations, ({ loss }) => loss);
  return {
    x: axis,
    derived: false,
    logX: (at) => [Math.log(at[axis] ?? NaN)],
    sample: (weights) =>
      distinct(logX, weights) < neededForPower(floor) ? undefined : { logX: [logX], logY, weights },
    parameters: powerParameters,
  };
}
