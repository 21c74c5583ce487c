/**
 * IsoFLOP valleys (Hoffmann et al. 2022, approach 2): at each amount of compute the log loss over log N is taken for a
 * parabola, whose lowest point is the best size; then the power law n* = K·C^a of those sizes.
 *
 * Known bias: E + A/N^α + B/D^β is no parabola in log N. Where sizes are not measured symmetrically about the valley's
 * bottom, or α ≠ β, the parabola's lowest point lies beside it, the more so the farther away the outermost sizes are.
 */
import type { Observation } from '../fit-protocol';
import { distinct, ones, type Law } from './law';
import { neededForPower } from './power-law';

/** Ends whose compute differs by less stand for one budget: whole steps round it differently for each size. */
const SAME_COMPUTE = 1.15;

/** Observations of one budget, as their indices; from little compute to much. */
export function budgets(observations: readonly Observation[]): number[][] {
  const order = observations.map((_, i) => i).sort((i, j) => observations[i]!.c - observations[j]!.c);
  const groups: number[][] = [];
  for (const i of order) {
    const group = groups.at(-1);
    const first = group?.[0];
    if (group && first !== undefined && observations[i]!.c < SAME_COMPUTE * observations[first]!.c) group.push(i);
    else groups.push([i]);
  }
  return groups;
}

export interface Bottom {
  logC: number;
  logN: number;
  logLoss: number;
  sizes: number;
}

/**
 * The bottom of the parabola through the group's points, by weighted least squares. Undefined where three distinct sizes
 * are missing, where the parabola has no lowest point, or where that lies outside the sizes measured.
 */
export function bottomOf(
  observations: readonly Observation[],
  group: readonly number[],
  weights: ArrayLike<number>,
): Bottom | undefined {
  const counted = group.filter((i) => weights[i]! > 0);
  const logN = counted.map((i) => Math.log(observations[i]!.n));
  const sizes = distinct(logN, ones(counted.length));
  if (sizes < 3) return undefined;
  const total = counted.reduce((sum, i) => sum + weights[i]!, 0);
  const weighted = (of: (k: number) => number): number =>
    counted.reduce((sum, i, k) => sum + weights[i]! * of(k), 0) / total;
  // About the mean, and by polynomials orthogonal to each other, so that nothing is solved: 1, u, u² − su − v.
  const mid = weighted((k) => logN[k]!);
  const u = logN.map((each) => each - mid);
  const v = weighted((k) => u[k]! ** 2);
  const s = weighted((k) => u[k]! ** 3) / v;
  const q = u.map((each) => each ** 2 - s * each - v);
  const y = counted.map((i) => Math.log(observations[i]!.loss));
  const height = weighted((k) => y[k]!);
  const slope = weighted((k) => y[k]! * u[k]!) / v;
  const curvature = weighted((k) => y[k]! * q[k]!) / weighted((k) => q[k]! ** 2);
  if (!(curvature > 0)) return undefined;
  const at = s / 2 - slope / (2 * curvature);
  if (at < Math.min(...u) || at > Math.max(...u)) return undefined;
  return {
    logC: weighted((k) => Math.log(observations[counted[k]!]!.c)),
    logN: mid + at,
    logLoss: height + slope * at + curvature * (at ** 2 - s * at - v),
    sizes,
  };
}

/** The law of the best size. Its sample is the valleys; −log C, because the size grows. */
export function isoflop(observations: readonly Observation[]): Law {
  const groups = budgets(observations);
  return {
    x: 'c',
    derived: true,
    logX: ({ c }) => [-Math.log(c)],
    sample: (weights) => {
      const bottoms = groups.flatMap((group) => bottomOf(observations, group, weights) ?? []);
      if (bottoms.length < neededForPower(0)) return undefined;
      const logX = [Float64Array.from(bottoms, ({ logC }) => -logC)];
      return { logX, logY: Float64Array.from(bottoms, ({ logN }) => logN), weights: ones(bottoms.length) };
    },
    parameters: ({ terms }) => {
      const [term] = terms;
      return { K: Math.exp(term?.logA ?? NaN), a: term?.alpha ?? NaN };
    },
  };
}
