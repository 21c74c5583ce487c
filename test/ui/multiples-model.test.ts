/** Small multiples as plain values: which tiles, on which axes, and how thin the curves are. */
import { expect, test } from 'vitest';
import { size } from '../../src/experiments/size';
import { METRICS } from '../../src/protocol';
import { Curves } from '../../src/ui/curves';
import { columnsFor, multiplesModel } from '../../src/ui/multiples-model';
import { gridWithin, heightOf, plotOf } from '../../src/ui/multiples-pen';
import { FLOOR, power, runsOf, stateOf } from './law-runs';

const runs = runsOf(size, 'quick', power(20, 0.35));

const series = (arm: string, cohort: number, steps: number, seeds: number[]) => ({
  ...{ arm, style: 0, cohort, replicas: seeds.map((_seed, i) => i), seeds, size: 1, total: 1, active: 1, steps },
  ...{ branches: [], flopsPerStep: 1e6, tokensPerStep: 512, guessing: Math.log(32), floor: FLOOR },
});

test('one tile an arm, kind by kind, from results of an earlier sitting', () => {
  const { tiles, x } = multiplesModel(size, stateOf({ runs }), undefined, 50);
  expect(tiles.map(({ arm }) => arm).slice(0, 5)).toEqual(['dense 8', 'dense 12', 'dense 16', 'dense 24', 'sparse 8']);
  expect(tiles.every(({ state }) => state === 'done')).toBe(true);
  expect(tiles[0]!.seeds.map(({ key }) => key)).toEqual(['dense 8/1', 'dense 8/2', 'dense 8/3']);
  expect(tiles[0]!.mean.at(-1)).toBeCloseTo(runs.filter(({ arm }) => arm === 'dense 8')[1]!.excess, 10);
  expect(x.max).toBeGreaterThanOrEqual(Math.max(...tiles.flatMap((tile) => tile.x)));
});

test('48 runs of 1,000 steps become no more places than asked for; the one under way is known', () => {
  const curves = new Curves();
  const cohorts = Array.from({ length: 16 }, (_, cohort) => cohort);
  curves.reset(cohorts.map((cohort) => ({ cohort, replicas: 3, branches: [{ from: 0, steps: 1000 }] })));
  for (const cohort of cohorts.slice(0, 3)) {
    const steps = cohort === 2 ? 400 : 1000;
    const data = new Float32Array(steps * 3 * METRICS.length);
    for (let i = 0; i < steps * 3; i++) data.set([2 + (i % 3), 1], i * METRICS.length);
    curves.add({ type: 'points', cohort, branch: -1, firstStep: 1, steps, data }, 1);
  }
  const all = cohorts.map((cohort) => series(`arm ${cohort}`, cohort, 1000, [1, 2, 3]));
  const { tiles } = multiplesModel(size, stateOf({}, { series: all }), curves, 40);
  expect(tiles.map(({ state }) => state).slice(0, 4)).toEqual(['done', 'done', 'under way', 'to come']);
  for (const tile of tiles) expect(tile.x.length).toBeLessThanOrEqual(40);
  expect(tiles[0]!.x.length).toBeGreaterThan(20);
  // Losses of the three seeds are 2, 3 and 4, the floor's 1.
  expect([tiles[0]!.low[5], tiles[0]!.mean[5], tiles[0]!.high[5]]).toEqual([1, 2, 3]);
  expect(tiles[2]!.x.at(-1)!).toBeLessThan(420e6);
});

test('kinds that are equally many have a row each; else no row is nearly empty', () => {
  const kinds = (...counts: number[]) => counts.flatMap((n, i) => Array.from({ length: n }, () => ({ kind: `${i}` })));
  expect(columnsFor(kinds(4, 4), 1000, 120)).toBe(4);
  expect(columnsFor(kinds(4, 4), 300, 120)).toBe(2);
  expect(columnsFor(kinds(7), 700, 120)).toBe(4);
  expect(columnsFor(kinds(1), 700, 120)).toBe(1);
});

test('on a wall all tiles fit into the height that there is', () => {
  const grid = gridWithin(12, 600, 500, 16);
  const last = plotOf(grid, 11);
  expect(last.top + last.height).toBeLessThanOrEqual(500);
  expect(last.left + last.width).toBeLessThanOrEqual(600 + 1e-6);
  expect(heightOf(grid, 16)).toBeCloseTo(500, 6);
});

test('on a low wall no plot vanishes, though names may touch', () => {
  const grid = gridWithin(8, 240, 130, 15);
  expect(grid.height).toBeGreaterThan(15);
  const last = plotOf(grid, 7);
  expect(last.top + last.height).toBeLessThanOrEqual(130);
});
