/** Sweeps that nobody trained: a known law with known noise, to see how often intervals hold what is true. */
import type { FitRequest, Observation, Place } from '../../src/fit-protocol';
import { threefry } from '../../src/math/rng';
import { boxMuller } from '../../src/nn/init';
import { fitLaws } from '../../src/scaling/fit';
import { predictRuns } from '../../src/scaling/predict';

export const TRUTH = { E: 0.914, A: 20, alpha: 0.35, B: 60, beta: 0.4 };

/** Standard deviation of log loss. */
const NOISE = 0.01;

const SIZES = [1e3, 2.5e3, 6.3e3, 1.6e4, 4e4];
const TOKENS = [2e5, 4e5, 8e5, 1.6e6, 3.2e6];

/** The run to be predicted: twice as large as the largest, on twice the tokens. */
const NEXT: Place = { n: 8e4, d: 6.4e6, c: 6 * 8e4 * 6.4e6 };

export interface SweepOptions {
  /** Whether the fit is told the floor; then it is given the excess. */
  floorKnown: boolean;
  delta?: number;
  resamples: number;
}

function measure(n: number, d: number, floorKnown: boolean, noise: number): number {
  const excess = TRUTH.A * n ** -TRUTH.alpha + TRUTH.B * d ** -TRUTH.beta;
  return (excess + (floorKnown ? 0 : TRUTH.E)) * Math.exp(NOISE * noise);
}

/** Standard normal number i of sweep s. */
function normal(s: number, i: number): number {
  return boxMuller(threefry([s, i], [0, 0]))[0];
}

/** Sweep number `s`: five sizes on five token counts, one run each. */
export function simulatedSweep(s: number, { floorKnown, delta, resamples }: SweepOptions): FitRequest {
  const observations = SIZES.flatMap((n, row) =>
    TOKENS.map((d, column): Observation => {
      const i = TOKENS.length * row + column;
      return { run: `${i}`, kind: 'dense', n, d, c: 6 * n * d, loss: measure(n, d, floorKnown, normal(s, i)) };
    }),
  );
  return {
    ...{ observations, law: 'chinchilla', resamples, seed: s },
    ...(floorKnown && { floor: 0 }),
    ...(delta !== undefined && { delta }),
  };
}

/** Shares of sweeps 1 … `sweeps` in which the 90 % intervals of α and β held the truth. */
export function coverage(sweeps: number, options: SweepOptions): { alpha: number; beta: number } {
  let [alpha, beta] = [0, 0];
  for (let s = 1; s <= sweeps; s++) {
    const intervals = fitLaws(simulatedSweep(s, options)).fits[0]?.intervals;
    if (holds(intervals?.alpha, TRUTH.alpha)) alpha++;
    if (holds(intervals?.beta, TRUTH.beta)) beta++;
  }
  return { alpha: alpha / sweeps, beta: beta / sweeps };
}

/** Share of sweeps in which the 90 % prediction interval held what the next run measured. */
export function hits(sweeps: number, options: SweepOptions): number {
  let held = 0;
  for (let s = 1; s <= sweeps; s++) {
    const interval = predictRuns(simulatedSweep(s, options), NEXT).predictions[0]?.interval;
    const measured = measure(NEXT.n, NEXT.d, options.floorKnown, normal(s, SIZES.length * TOKENS.length));
    if (holds(interval, measured)) held++;
  }
  return held / sweeps;
}

function holds(interval: readonly [number, number] | undefined, value: number): boolean {
  return interval !== undefined && interval[0] <= value && value <= interval[1];
}
