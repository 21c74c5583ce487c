import { expect, test } from 'vitest';
import { fitLaws } from '../../src/scaling/fit';
import { bottomOf, budgets } from '../../src/scaling/isoflop';
import { normal, observation } from './runs';

const TRUTH = { A: 16, alpha: 0.4, B: 60, beta: 0.3 };

/** Sizes about the best one of each budget, `spread` times as large or small at most. */
function valleys(spread: number, noise = 0, budgetsOf = [1e9, 4e9, 1.6e10, 6.4e10, 2.56e11]) {
  const { A, alpha, B, beta } = TRUTH;
  const G = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta));
  return budgetsOf.flatMap((c, k) =>
    [-2, -1, 0, 1, 2].map((i) => {
      const n = G * (c / 6) ** (beta / (alpha + beta)) * spread ** (i / 2);
      const loss = A * n ** -alpha + B * (c / 6 / n) ** -beta;
      return observation({ n, d: c / 6 / n, c }, loss * Math.exp(noise * normal(10 * k + i)));
    }),
  );
}

test('a parabola through three points has its bottom where it has', () => {
  // log loss = 1 + (log n − 2)²
  const ends = [1, 2.5, 4].map((u) => observation({ n: Math.exp(u), c: 1 }, Math.exp(1 + (u - 2) ** 2)));
  const bottom = bottomOf(ends, [0, 1, 2], [1, 1, 1])!;
  expect(bottom.logN).toBeCloseTo(2, 12);
  expect(bottom.logLoss).toBeCloseTo(1, 12);
  expect(bottomOf(ends, [0, 1, 2], [1, 0, 1])).toBeUndefined();
  const hill = ends.map((end) => ({ ...end, loss: 1 / end.loss }));
  expect(bottomOf(hill, [0, 1, 2], [1, 1, 1])).toBeUndefined();
  const slope = [1, 2, 3].map((u) => observation({ n: Math.exp(u), c: 1 }, Math.exp((u - 9) ** 2 / 9)));
  expect(bottomOf(slope, [0, 1, 2], [1, 1, 1])).toBeUndefined();
});

test('ends within 15 % of compute are one budget', () => {
  const ends = [100, 1000, 114, 1140, 116].map((c) => observation({ c }, 1));
  expect(budgets(ends)).toEqual([[0, 2], [4], [1, 3]]);
});

test('narrow valleys give the exponent of the best size, with an interval for each bottom', () => {
  const fit = fitLaws({ observations: valleys(2, 1e-4), law: 'isoflop', resamples: 100 }).fits[0]!;
  expect(fit).toMatchObject({ x: 'c', enough: true, sizes: 5 });
  expect(Math.abs(fit.parameters.a! - 0.3 / 0.7)).toBeLessThan(0.02);
  expect(fit.valleys).toHaveLength(5);
  for (const { n, interval, sizes } of fit.valleys!) {
    expect(sizes).toBe(5);
    expect(interval[0]).toBeLessThanOrEqual(n);
    expect(interval[1]).toBeGreaterThanOrEqual(n);
  }
  expect(fit.notes).toContainEqual({ code: 'parabola-bias' });
});

test('the bias that the note speaks of is there: wide valleys have their bottom beside the truth', () => {
  const [narrow, wide] = [1.5, 40].map((spread) => {
    const ends = valleys(spread, 0, [1e10]);
    const best = ends[2]!.n;
    return Math.abs(bottomOf(ends, [0, 1, 2, 3, 4], [1, 1, 1, 1, 1])!.logN - Math.log(best));
  });
  expect(narrow).toBeLessThan(0.01);
  expect(wide).toBeGreaterThan(0.1);
});

test('a budget without a bottom is left out and counted', () => {
  const beside = [1, 2, 3].map((i) => observation({ n: 1e3 * i, c: 1e8 }, 5 - i));
  const fit = fitLaws({ observations: [...valleys(2), ...beside], law: 'isoflop', resamples: 10 }).fits[0]!;
  expect(fit.valleys).toHaveLength(5);
  expect(fit.notes).toContainEqual({ code: 'valleys-left-out', valleys: 1 });
});
