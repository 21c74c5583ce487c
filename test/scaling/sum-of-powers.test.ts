import { describe, expect, test } from 'vitest';
import { fitSum, nonNegativeLeastSquares, valueOf } from '../../src/scaling/sum-of-powers';
import { normal } from './runs';

const N = [1e6, 3e6, 1e7, 3e7, 1e8].flatMap((n) => new Array<number>(5).fill(n));
const D = [1, 2, 3, 4, 5].flatMap(() => [1e8, 4e8, 1e9, 4e9, 1e10]);

function surface(law: { E: number; A: number; alpha: number; B: number; beta: number }, noise = 0) {
  const loss = N.map((n, i) => law.E + law.A * n ** -law.alpha + law.B * D[i]! ** -law.beta);
  return {
    logX: [Float64Array.from(N, Math.log), Float64Array.from(D, Math.log)],
    logY: Float64Array.from(loss, (each, i) => Math.log(each) + noise * normal(i)),
    weights: new Float64Array(N.length).fill(1),
  };
}

describe('a surface without noise is recovered to 1e-6', () => {
  test.each([
    ['Hoffmann', { E: 1.69, A: 406.4, alpha: 0.34, B: 410.7, beta: 0.28 }],
    ['Besiroglu', { E: 1.8172, A: 482.01, alpha: 0.3478, B: 2085.43, beta: 0.3658 }],
    ['steep and shallow', { E: 0.5, A: 1e5, alpha: 0.9, B: 3, beta: 0.08 }],
  ])('%s, floor fitted and floor known', (_name, law) => {
    for (const floor of [undefined, law.E]) {
      const fit = fitSum(surface(law), { floor, delta: 1e-3 });
      const [n, d] = fit.terms;
      const found = { E: fit.E, A: Math.exp(n!.logA), alpha: n!.alpha, B: Math.exp(d!.logA), beta: d!.alpha };
      for (const [name, value] of Object.entries(law)) {
        expect(Math.abs(found[name as keyof typeof law] / value - 1), name).toBeLessThan(1e-6);
      }
    }
  });
});

test('a weight of two is the row twice', () => {
  const sample = surface({ E: 1, A: 100, alpha: 0.3, B: 500, beta: 0.35 }, 0.01);
  const options = { floor: undefined, delta: 0.01 };
  const weights = sample.weights.map((_, i) => (i === 3 ? 2 : i === 4 ? 0 : 1));
  const rows = Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(i));
  const pick = (column: Float64Array) => Float64Array.from(rows, (i) => column[i]!);
  const repeated = {
    logX: sample.logX.map(pick),
    logY: pick(sample.logY),
    weights: new Float64Array(rows.length).fill(1),
  };
  const [a, b] = [fitSum({ ...sample, weights }, options), fitSum(repeated, options)];
  expect(a.objective).toBeCloseTo(b.objective, 12);
  expect(a.terms[0]!.alpha).toBeCloseTo(b.terms[0]!.alpha, 6);
});

test('the objective is the sum of Huber losses of the residuals', () => {
  const sample = surface({ E: 1, A: 100, alpha: 0.3, B: 500, beta: 0.35 }, 0.01);
  const delta = 0.008;
  const fit = fitSum(sample, { floor: undefined, delta });
  const huber = Array.from(sample.logY, (logY, i) => {
    const r = Math.abs(logY - Math.log(valueOf(fit, [Math.log(N[i]!), Math.log(D[i]!)])));
    return r <= delta ? r ** 2 / 2 : delta * (r - delta / 2);
  });
  expect(huber.some((each) => each > delta ** 2 / 2)).toBe(true);
  expect(fit.objective).toBeCloseTo(
    huber.reduce((sum, each) => sum + each, 0),
    12,
  );
});

test('one wild row does not move a fit with a small δ, and moves one with a large δ', () => {
  const law = { E: 1, A: 100, alpha: 0.3, B: 500, beta: 0.35 };
  const sample = surface(law);
  sample.logY[7]! += 0.3;
  expect(fitSum(sample, { floor: undefined, delta: 1e-3 }).terms[0]!.alpha).toBeCloseTo(law.alpha, 2);
  expect(Math.abs(fitSum(sample, { floor: undefined, delta: 10 }).terms[0]!.alpha - law.alpha)).toBeGreaterThan(0.02);
});

test('non-negative least squares leaves out a column that would be negative', () => {
  // Columns (1, 0) and (1, 1), targets (2, 1), (2, −1) and (1, 2); scipy.optimize.nnls.
  const gram = [
    [1, 1],
    [1, 2],
  ];
  expect(nonNegativeLeastSquares(gram, [2, 3])).toEqual([1, 1]);
  expect(nonNegativeLeastSquares(gram, [2, 1])).toEqual([2, 0]);
  expect(nonNegativeLeastSquares(gram, [1, 3])).toEqual([0, 1.5]);
  expect(nonNegativeLeastSquares([[2]], [-1])).toEqual([0]);
});
