/** Observations for tests of fits. */
import type { Observation, Place } from '../../src/fit-protocol';
import { threefry } from '../../src/math/rng';
import { boxMuller } from '../../src/nn/init';

/** One observation; `run` is its own unless told. */
export function observation(place: Partial<Place>, loss: number, run = ''): Observation {
  const { n = 1e4, d = 1e6, c = 6 * n * d, ...rest } = place;
  return { n, d, c, ...rest, kind: 'dense', loss, run: run || `n ${n} d ${d} c ${c}` };
}

/** Standard normal number i. */
export function normal(i: number): number {
  return boxMuller(threefry([7, 7], [i, 0]))[0];
}

export const SIZES = [1e3, 2.5e3, 6.3e3, 1.6e4, 4e4];

/** One run for each size (and seed), of loss `law(n)` with relative noise. */
export function ladder(law: (n: number) => number, { noise = 0, seeds = 1, sizes = SIZES } = {}): Observation[] {
  return sizes.flatMap((n, i) =>
    Array.from({ length: seeds }, (_, seed) =>
      observation({ n }, law(n) * Math.exp(noise * normal(100 * i + seed)), `n ${n} seed ${seed}`),
    ),
  );
}
