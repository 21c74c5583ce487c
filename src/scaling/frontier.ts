/**
 * The frontier: the least loss that any run reached with so much compute, over runs of several sizes, and its power law
 * y = E + A·c^−α (Hoffmann et al. 2022, approach 1; Kaplan et al. 2020, section 6).
 *
 * Only measured ends count, nothing is interpolated. Repeats of one end (its seeds) are averaged first, in the
 * logarithm: the luckiest of several seeds is no frontier.
 */
import type { Observation } from '../fit-protocol';
import { distinct, ones, type Law } from './law';
import { neededForPower, powerParameters } from './power-law';

export interface FrontierPoint {
  n: number;
  c: number;
  logLoss: number;
}

/** The ends below which nobody got with as little compute, from little compute to much. */
export function envelope(observations: readonly Observation[], weights: ArrayLike<number>): FrontierPoint[] {
  const ends = new Map<string, { n: number; c: number; sum: number; weight: number }>();
  observations.forEach(({ n, c, loss }, i) => {
    const weight = weights[i]!;
    if (weight === 0) return;
    const key = `${n} ${c}`;
    const end = ends.get(key) ?? { n, c, sum: 0, weight: 0 };
    end.sum += weight * Math.log(loss);
    end.weight += weight;
    ends.set(key, end);
  });
  const points = [...ends.values()].map(({ n, c, sum, weight }) => ({ n, c, logLoss: sum / weight }));
  points.sort((a, b) => a.c - b.c || a.logLoss - b.logLoss);
  let least = Infinity;
  return points.filter(({ logLoss }) => {
    const below = logLoss < least;
    if (below) least = logLoss;
    return below;
  });
}

export function frontier(observations: readonly Observation[], floor: number | undefined): Law {
  return {
    x: 'c',
    derived: true,
    logX: ({ c }) => [Math.log(c)],
    sample: (weights) => {
      const points = envelope(observations, weights);
      const logX = Float64Array.from(points, ({ c }) => Math.log(c));
      const logY = Float64Array.from(points, ({ logLoss }) => logLoss);
      const counts = ones(points.length);
      return distinct(logX, counts) < neededForPower(floor) ? undefined : { logX: [logX], logY, weights: counts };
    },
    parameters: powerParameters,
  };
}
