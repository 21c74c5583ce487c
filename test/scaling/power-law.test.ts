import { describe, expect, test } from 'vitest';
import type { FitRequest } from '../../src/fit-protocol';
import { fitLaws } from '../../src/scaling/fit';
import { ladder, observation, SIZES } from './runs';

/** The one fit. */
function fitted(request: FitRequest) {
  const { fits, problems } = fitLaws({ resamples: 50, ...request });
  expect(problems).toEqual([]);
  expect(fits).toHaveLength(1);
  return fits[0]!;
}

const law = (n: number) => 0.914 + 16.8 * n ** -0.335;

describe('a power law without noise', () => {
  test('is recovered to 1e-6, with the floor fitted, given, and zero', () => {
    const free = fitted({ observations: ladder(law), law: 'power' });
    const given = fitted({ observations: ladder(law), law: 'power', floor: 0.914 });
    const excess = fitted({ observations: ladder((n) => law(n) - 0.914), law: 'power', floor: 0 });
    for (const { parameters } of [free, given, excess]) {
      expect(Math.abs(parameters.alpha! / 0.335 - 1)).toBeLessThan(1e-6);
      expect(Math.abs(parameters.A! / 16.8 - 1)).toBeLessThan(1e-6);
    }
    expect(Math.abs(free.parameters.E! / 0.914 - 1)).toBeLessThan(1e-6);
    expect(Object.keys(free.intervals)).toEqual(['A', 'alpha', 'E']);
    expect(Object.keys(given.intervals)).toEqual(['A', 'alpha']);
    expect(given.notes).toContainEqual({ code: 'floor-given', floor: 0.914 });
  });

  test.each(['d', 'c', 'x'] as const)('may go along %s', (axis) => {
    const observations = SIZES.map((x) => observation({ [axis]: x }, law(x), `run ${x}`));
    const fit = fitted({ observations, law: 'power', axis, floor: 0.914 });
    expect(fit.x).toBe(axis);
    expect(fit.parameters.alpha).toBeCloseTo(0.335, 6);
  });
});

test('a floor fitted and a floor given agree where the runs come close to it', () => {
  const sizes = [1e2, 3e2, 1e3, 3e3, 1e4, 3e4, 1e5, 1e6, 1e7];
  const observations = ladder((n) => 1 + 20 * n ** -0.5, { sizes, noise: 0.003, seeds: 3 });
  const free = fitted({ observations, law: 'power', resamples: 200 });
  const given = fitted({ observations, law: 'power', floor: 1 });
  const [low, high] = free.intervals.alpha!;
  expect(high - low).toBeLessThan(0.05);
  expect(given.parameters.alpha).toBeGreaterThan(low);
  expect(given.parameters.alpha).toBeLessThan(high);
  expect(Math.abs(free.parameters.E! - 1)).toBeLessThan(0.01);
});

test('where there is no floor, none is found, and that is said', () => {
  const fit = fitted({ observations: ladder((n) => 20 * n ** -0.3), law: 'power' });
  expect(fit.parameters.E).toBeLessThan(1e-3);
  expect(fit.parameters.alpha).toBeCloseTo(0.3, 3);
  expect(fit.notes).toContainEqual({ code: 'no-floor-found' });
});

test('r² is the share of the variance of log y that the law explains', () => {
  const observations = ladder((n) => 20 * n ** -0.3, { noise: 0.05, seeds: 2 });
  const fit = fitted({ observations, law: 'power', floor: 0, delta: 100 });
  // With so large a δ it is linear regression of logarithms, whose r² is the squared correlation.
  const x = observations.map(({ n }) => Math.log(n));
  const y = observations.map(({ loss }) => Math.log(loss));
  const centred = (values: number[]) => {
    const mean = values.reduce((a, b) => a + b) / values.length;
    return values.map((each) => each - mean);
  };
  const dot = (a: number[], b: number[]) => a.reduce((sum, each, i) => sum + each * b[i]!, 0);
  const [u, v] = [centred(x), centred(y)];
  expect(fit.parameters.alpha).toBeCloseTo(-dot(u, v) / dot(u, u), 7);
  expect(fit.r2).toBeCloseTo(dot(u, v) ** 2 / dot(u, u) / dot(v, v), 7);
});

test('outside its data the band is wider', () => {
  const observations = ladder(law, { noise: 0.02, seeds: 3 });
  const { curve } = fitted({ observations, law: 'power', floor: 0.914 });
  const width = (i: number) => Math.log(curve.high.at(i)! / curve.low.at(i)!);
  const inside = curve.x.findIndex((x) => x > 6e3);
  expect(curve.x[0]).toBeCloseTo(SIZES[0]!, 6);
  expect(curve.x.at(-1)).toBeCloseTo(4 * SIZES.at(-1)!, 3);
  expect(width(-1)).toBeGreaterThan(1.2 * width(inside));
  curve.y.forEach((y, i) => {
    expect(y).toBeGreaterThan(curve.low[i]!);
    expect(y).toBeLessThan(curve.high[i]!);
  });
});
