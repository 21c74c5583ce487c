import { expect, test } from 'vitest';
import { linearAxis, logAxis, roundLogBounds } from '../../src/ui/ticks';

test('a log axis has round ticks inside its bounds, at most as many as wanted', () => {
  const axis = logAxis(4.7e8, 3e10, 6);
  expect(axis.ticks).toEqual([5e8, 1e9, 2e9, 5e9, 1e10, 2e10]);
});

test('a short log axis takes finer steps rather than having no tick', () => {
  const axis = logAxis(1.15, 1.9, 6);
  expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
  for (const tick of axis.ticks) expect(tick >= 1.15 && tick <= 1.9).toBe(true);
});

test.each([
  [0, 10],
  [-3, 5],
  [2, 2],
])('a log axis survives bounds %s and %s', (min, max) => {
  const axis = logAxis(min, max, 5);
  expect(axis.min).toBeGreaterThan(0);
  expect(axis.max).toBeGreaterThan(axis.min);
});

test('a linear axis has steps of 1, 2 or 5', () => {
  expect(linearAxis(0, 553, 6).ticks).toEqual([0, 100, 200, 300, 400, 500]);
  expect(linearAxis(0, 0, 4).max).toBeGreaterThan(0);
});

test('rounded bounds enclose, and stay put for small changes', () => {
  const [min, max] = roundLogBounds(0.52, 2.4);
  expect(min).toBeLessThanOrEqual(0.52);
  expect(max).toBeGreaterThanOrEqual(2.4);
  expect(roundLogBounds(0.521, 2.4)[0]).toBe(min);
});
