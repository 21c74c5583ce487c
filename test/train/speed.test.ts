import { describe, expect, test } from 'vitest';
import { staticConfig } from '../../src/config/run-spec';
import { planCohort } from '../../src/train/cohort';
import { fitSteps, Speed } from '../../src/train/speed';
import { stepWork } from '../../src/train/work';
import { raceSpec, sparseSpec, tinySpec } from '../config/specs';

/** A ladder of four widths, dense and sparse, three seeds each, as it was timed once on the software adapter. */
const LADDER = [
  { dispatches: 55, flops: 26e6, milliseconds: 42 },
  { dispatches: 73, flops: 28e6, milliseconds: 60 },
  { dispatches: 55, flops: 50e6, milliseconds: 65 },
  { dispatches: 73, flops: 53e6, milliseconds: 98 },
  { dispatches: 55, flops: 80e6, milliseconds: 85 },
  { dispatches: 73, flops: 85e6, milliseconds: 125 },
  { dispatches: 57, flops: 163e6, milliseconds: 170 },
  { dispatches: 75, flops: 170e6, milliseconds: 215 },
];

describe('the time of steps that were not timed', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('is told by the smallest %i of a ladder within a quarter, all in all', (timed) => {
    const fit = fitSteps(LADDER.slice(0, timed), 3e5);
    const rest = LADDER.slice(timed);
    const told = rest.reduce((sum, cost) => sum + fit(cost), 0);
    const real = rest.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    expect(told / real).toBeGreaterThan(0.75);
    expect(told / real).toBeLessThan(1.25);
  });

  test('is never negative, and follows what was timed however wrong the first guess is', () => {
    const byDispatch = [1, 2, 4].map((flops) => ({ dispatches: 50, flops: flops * 1e6, milliseconds: 1 }));
    expect(fitSteps(byDispatch, 1e5)({ dispatches: 50, flops: 8e6 })).toBeLessThan(2);
    const shrinking = [1, 2, 4].map((flops) => ({ dispatches: 50, flops: flops * 1e6, milliseconds: 1 / flops }));
    expect(fitSteps(shrinking, 1e6)({ dispatches: 1, flops: 1e9 })).toBeGreaterThanOrEqual(0);
  });
});

describe('the speed of a device', () => {
  const [dense, sparse, tiny] = [raceSpec(), sparseSpec(), tinySpec()].map((spec) => planCohort([spec]));
  const all = [dense!, sparse!, tiny!];

  test('is unknown at first, when times are only right among each other', () => {
    const speed = new Speed(true);
    expect(speed.known).toBe(false);
    const [a, b, c] = speed.steps(all);
    expect(b).toBeGreaterThan(a!);
    expect(c).toBeLessThan(a!);
  });

  test('is what was measured, for the same steps of another budget too', () => {
    const speed = new Speed(true);
    speed.measured(dense!, 30);
    expect(speed.known).toBe(true);
    expect(speed.steps([dense!])).toEqual([30]);
    const longer = planCohort([{ ...raceSpec(), budget: { flops: 6e10 } }]);
    expect(staticConfig(raceSpec())).not.toEqual(longer.config);
    expect(speed.steps([longer])).toEqual([30]);
    const [two] = speed.steps([planCohort([raceSpec(), raceSpec({ seed: 2 })])]);
    expect(two).toBeGreaterThan(30);
    expect(two).toBeLessThan(60);
  });

  test('corrects estimates by what training showed of them', () => {
    const speed = new Speed(true);
    speed.estimated(dense!, 10);
    speed.estimated(sparse!, 20);
    expect(speed.steps([dense!, sparse!])).toEqual([10, 20]);
    speed.measured(dense!, 15);
    expect(speed.steps([dense!, sparse!])).toEqual([15, 30]);
    expect(stepWork(dense!)).toBeGreaterThan(0);
  });
});
