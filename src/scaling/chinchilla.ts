/**
 * Loss by parameters and tokens, L(N, D) = E + A/N^α + B/D^β (Hoffmann et al. 2022, arXiv 2203.15556, eq. 2, approach 3,
 * with the corrections of Besiroglu et al. 2024, arXiv 2404.10102), fitted as in sum-of-powers.ts, and the best way to
 * spend a given compute that follows from it.
 */
import type { Observation } from '../fit-protocol';
import { distinct, logsOf, type Law } from './law';
import type { SumOfPowers } from './sum-of-powers';

export interface ChinchillaParameters {
  E: number;
  A: number;
  alpha: number;
  B: number;
  beta: number;
}

export function chinchillaParameters({ terms, E }: SumOfPowers): ChinchillaParameters {
  const [n, d] = terms as [SumOfPowers['terms'][number], SumOfPowers['terms'][number]];
  return { E, A: Math.exp(n.logA), alpha: n.alpha, B: Math.exp(d.logA), beta: d.alpha };
}

/** Distinct N, and distinct D, that determine it. With a known floor one of the two may have one less. */
export const NEEDED_FOR_CHINCHILLA = 3;

function determined(sizes: number, tokens: number, floor: number | undefined): boolean {
  const [less, more] = [Math.min(sizes, tokens), Math.max(sizes, tokens)];
  return more >= NEEDED_FOR_CHINCHILLA && less >= (floor === undefined ? NEEDED_FOR_CHINCHILLA : 2);
}

export function chinchilla(observations: readonly Observation[], floor: number | undefined): Law {
  const logN = logsOf(observations, ({ n }) => n);
  const logD = logsOf(observations, ({ d }) => d);
  const logY = logsOf(observations, ({ loss }) => loss);
  return {
    x: 'n,d',
    derived: false,
    logX: ({ n, d }) => [Math.log(n), Math.log(d)],
    sample: (weights) =>
      determined(distinct(logN, weights), distinct(logD, weights), floor)
        ? { logX: [logN, logD], logY, weights }
        : undefined,
    parameters: (sum) => ({ ...chinchillaParameters(sum) }),
  };
}

export interface Optimum {
  n: number;
  d: number;
  loss: number;
}

export function lossAt({ E, A, alpha, B, beta }: ChinchillaParameters, n: number, d: number): number {
  return E + A * n ** -alpha + B * d ** -beta;
}

/**
 * The N and D of least loss for C = 6ND training FLOPs: N = G·(C/6)^a, D = (C/6)^b / G with G = (αA/βB)^(1/(α+β)),
 * a = β/(α+β), b = α/(α+β) (Hoffmann et al. 2022, eq. 4).
 */
export function computeOptimal(law: ChinchillaParameters, flops: number): Optimum {
  const { A, alpha, B, beta } = law;
  const G = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta));
  const n = G * (flops / 6) ** (beta / (alpha + beta));
  const d = (flops / 6) ** (alpha / (alpha + beta)) / G;
  return { n, d, loss: lossAt(law, n, d) };
}

/** Of a golden section; 100 of them narrow any bracket of log N to the last digit. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SECTIONS = 100;

/**
 * The same where a token costs `flopsPerToken(n)`, between the sizes `least` and `most`: tiny models are far from 6N.
 * Loss at fixed compute has one minimum in log N when that cost grows like a sum of powers of N, as it does; it is found
 * by golden section.
 */
export function computeOptimalWith(
  law: ChinchillaParameters,
  flops: number,
  flopsPerToken: (n: number) => number,
  [least, most]: readonly [number, number],
): Optimum {
  const at = (logN: number): Optimum => {
    const n = Math.exp(logN);
    const d = flops / flopsPerToken(n);
    return { n, d, loss: lossAt(law, n, d) };
  };
  let [low, high] = [Math.log(least), Math.log(most)];
  for (let i = 0; i < SECTIONS; i++) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (at(left).loss < at(right).loss) high = right;
    else low = left;
  }
  return at((low + high) / 2);
}
