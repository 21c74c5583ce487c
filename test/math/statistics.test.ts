import { describe, expect, it } from 'vitest';
import { threefry } from '../../src/math/rng';
import {
  mean,
  quantile,
  ratioInterval,
  standardDeviation,
  studentInterval,
  studentQuantile,
} from '../../src/math/statistics';
import { boxMuller } from '../../src/nn/init';

describe('mean and standardDeviation', () => {
  it('are those of a sample', () => {
    expect(mean([2, 4, 4, 4, 5, 5, 7, 9])).toBe(5);
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(standardDeviation([1e9 + 1, 1e9 + 2, 1e9 + 3])).toBe(1);
  });

  it('of too few values are not numbers', () => {
    expect([mean([]), standardDeviation([3])]).toEqual([NaN, NaN]);
  });
});

describe('studentQuantile', () => {
  // scipy.stats.t.ppf(0.975, degrees)
  it.each([
    [1, 12.7062047],
    [2, 4.3026527],
    [9, 2.2621572],
    [10, 2.2281389],
    [14, 2.1447867],
    [30, 2.0422725],
    [100, 1.9839715],
    [1000, 1.9623391],
  ])('of %i degrees of freedom', (degrees, expected) => {
    expect(Math.abs(studentQuantile(degrees) - expected)).toBeLessThan(1e-5);
  });
  // scipy.stats.t.ppf(0.95, degrees)
  it.each([
    [1, 6.3137515],
    [3, 2.3533634],
    [9, 1.8331129],
    [10, 1.8124611],
    [14, 1.7613101],
    [100, 1.6602343],
  ])('that holds 90 %%, of %i degrees of freedom', (degrees, expected) => {
    expect(Math.abs(studentQuantile(degrees, 90) - expected)).toBeLessThan(1e-5);
  });
});

describe('quantile', () => {
  // numpy.quantile
  it.each([
    [0, 1],
    [0.05, 1.15],
    [0.3, 1.9],
    [0.5, 2.5],
    [1, 10],
  ])('at %d', (part, expected) => {
    expect(quantile([3, 1, 2, 10], part)).toBeCloseTo(expected, 12);
  });

  it('of no values is not a number', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });
});

describe('studentInterval', () => {
  it('is 4.303 standard errors wide on either side for three values', () => {
    const { n, mean: centre, half } = studentInterval([1, 2, 3]);
    expect([n, centre]).toEqual([3, 2]);
    expect(half).toBeCloseTo(4.3026527 / Math.sqrt(3), 6);
  });

  it('does not exist for one value', () => {
    expect(studentInterval([1.5])).toEqual({ n: 1, mean: 1.5, half: undefined });
  });

  it('holds the true mean in 95 % of samples of three', () => {
    const trials = 4000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const sample = [0, 1, 2].map((i) => 7 + boxMuller(threefry([11, 1], [trial, i]))[0]);
      const { mean: centre, half } = studentInterval(sample);
      if (Math.abs(centre - 7) <= half!) covered += 1;
    }
    // Binomial(4000, .95) has standard deviation 13.8; four of them.
    expect(Math.abs(covered - 0.95 * trials)).toBeLessThan(4 * 13.8);
  });
});

describe('ratioInterval', () => {
  it('is Student’s on the logarithms', () => {
    const { factor, low, high } = ratioInterval([2.5, 2.7, 3].map(Math.log));
    expect(factor).toBeCloseTo(Math.cbrt(2.5 * 2.7 * 3), 10);
    // exp(mean ± 4.30265 s / √3) of the three logarithms.
    expect([low, high]).toEqual([expect.closeTo(2.17134856, 7), expect.closeTo(3.42153095, 7)]);
  });

  it('has no bounds for one ratio', () => {
    expect(ratioInterval([Math.log(2)])).toEqual({ factor: 2 });
  });
});
