/** How much runs differ that differ in nothing but their seed, and what δ follows. */
import type { Observation } from '../fit-protocol';

export interface Noise {
  /** Standard deviation of log y. */
  sigma: number;
  /** Degrees of freedom: repeats beyond the first at each place. */
  degrees: number;
}

/** Huber's constant: 95 % as efficient as least squares where the noise is normal. */
const HUBER = 1.345;

/** δ for public data, and the least there is: residuals as small as that are as good as none. */
export const SMALLEST_DELTA = 1e-3;

/** Observations of one place, as their indices. */
export function places(observations: readonly Observation[]): number[][] {
  const groups = new Map<string, number[]>();
  observations.forEach(({ n, d, c, x }, i) => {
    const key = [n, d, c, x].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}

/** Seed noise from ends that were repeated at the same place, pooled. Undefined where none was. */
export function seedNoise(observations: readonly Observation[]): Noise | undefined {
  let [squares, degrees] = [0, 0];
  for (const group of places(observations)) {
    const logs = group.map((i) => Math.log(observations[i]!.loss));
    const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
    squares += logs.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    degrees += logs.length - 1;
  }
  return degrees === 0 ? undefined : { sigma: Math.sqrt(squares / degrees), degrees };
}

/** δ = 1.345 σ. */
export function deltaFor(sigma: number): number {
  return Math.max(SMALLEST_DELTA, HUBER * sigma);
}
