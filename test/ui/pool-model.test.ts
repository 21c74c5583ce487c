import { expect, test } from 'vitest';
import { race } from '../../src/experiments/race';
import { poolModel, poolPoints } from '../../src/ui/pool-model';
import { power, runsOf } from './law-runs';

test('every run is a dot in its arm’s column, and every arm has its mean', () => {
  const runs = runsOf(race, 'smoke', power(30, 0.4));
  const points = poolPoints(race, [...runs, { ...runs[0]!, seed: 9, diverged: true, excess: NaN }]);
  // Only the last end of each run counts, and a diverged one not at all.
  expect(points).toHaveLength(6);
  const model = poolModel(points, 400);
  expect(model.x.ticks.map(model.x.format)).toEqual(['dense', 'sparse']);
  expect(model.runs.filter(({ x }) => x === 0)).toHaveLength(3);
  const dense = points.filter(({ x }) => x === 0).map(({ run }) => run.excess);
  expect(model.means[0]!.y).toBeCloseTo((dense[0]! + dense[1]! + dense[2]!) / 3, 9);
  const values = points.map(({ run }) => run.excess);
  expect(model.y.min).toBeLessThan(Math.min(...values));
  expect(model.y.max).toBeGreaterThan(Math.max(...values));
});
