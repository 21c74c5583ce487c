import { describe, expect, test } from 'vitest';
import { bootstrap, percentiles } from '../../src/scaling/bootstrap';

const RUNS = ['a', 'a', 'b', 'c', 'c', 'c'];

describe('bootstrap', () => {
  test('draws whole runs, as many as there are', () => {
    const drawn = bootstrap(RUNS, 200, 1, (weights) => weights);
    expect(drawn).toHaveLength(200);
    for (const weights of drawn) {
      expect(weights[0]).toBe(weights[1]);
      expect([weights[4], weights[5]]).toEqual([weights[3], weights[3]]);
      expect(weights[0]! + weights[2]! + weights[3]!).toBe(3);
    }
    const mean = drawn.reduce((sum, weights) => sum + weights[2]!, 0) / drawn.length;
    // The number of times a run is drawn has mean 1 and variance 2/3: four standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan(4 * Math.sqrt(2 / 3 / 200));
  });

  test('a resample that determines nothing is drawn again; the others stay as they are', () => {
    const all = bootstrap(RUNS, 50, 1, (weights) => weights);
    const some = bootstrap(RUNS, 50, 1, (weights) => (weights[2] === 0 ? undefined : weights));
    expect(some).toHaveLength(50);
    expect(some.every((weights) => weights[2]! > 0)).toBe(true);
    all.forEach((weights, i) => {
      if (weights[2]! > 0) expect(some[i]).toEqual(weights);
    });
  });

  test('gives up where none does, and depends on its seed alone', () => {
    expect(bootstrap(RUNS, 50, 1, () => undefined)).toEqual([]);
    const one = bootstrap(RUNS, 20, 5, (weights) => weights.join());
    expect(bootstrap(RUNS, 20, 5, (weights) => weights.join())).toEqual(one);
    expect(bootstrap(RUNS, 20, 6, (weights) => weights.join())).not.toEqual(one);
  });
});

test('percentiles hold 90 % of the values', () => {
  const values = Array.from({ length: 1001 }, (_, i) => (i * 8) % 1001);
  expect(percentiles(values)).toEqual([50, 950]);
});
