/** From values to pixels and back, what is nearest to the pointer, and labels that do not lie on one another. */
import { expect, test } from 'vitest';
import { nearestRun, placeX, placeY, share, spreadOut, valueAt } from '../../src/ui/plot-model';

const log = { min: 10, max: 1000, log: true, ticks: [], label: '', format: String };
const linear = { min: -1, max: 3, log: false, ticks: [], label: '', format: String };
const box = { left: 50, top: 20, width: 200, height: 100 };

test('a place on an axis and the value there', () => {
  expect(share(log, 100)).toBeCloseTo(0.5, 12);
  expect(share(linear, 0)).toBeCloseTo(0.25, 12);
  for (const axis of [log, linear]) expect(valueAt(axis, share(axis, 42))).toBeCloseTo(42, 9);
  expect(share(log, 0)).toBeLessThan(0);
  expect(placeX({ x: log }, box, 100)).toBe(150);
  expect(placeY({ y: linear }, box, 3)).toBe(20);
});

test('the nearest run within reach, where it is drawn', () => {
  const run = (key: string, x: number) => ({ key, style: 6, x, y: 1, faint: false });
  const model = { x: log, y: linear, runs: [run('a', 100), run('b', 120)] };
  const none = () => 0;
  const top = placeY(model, box, 1);
  expect(nearestRun(model, box, 151, top, 20, none)).toBe(0);
  expect(nearestRun(model, box, 158, top, 20, none)).toBe(1);
  expect(nearestRun(model, box, 151, top + 30, 20, none)).toBeUndefined();
  expect(nearestRun(model, box, 151, top, 20, () => -7)).toBe(1);
});

test('labels are moved apart by what each takes, in their order, and stay inside', () => {
  const tops = spreadOut([50, 52, 90], [20, 10, 10], 0, 100);
  expect(tops[1]! - tops[0]!).toBeGreaterThanOrEqual(19.9);
  expect(tops[2]! - tops[1]!).toBeGreaterThanOrEqual(9.9);
  expect(tops[2]).toBeLessThanOrEqual(90);
  expect(spreadOut([30, 10], [5, 5], 0, 100)).toEqual([30, 10]);
});
