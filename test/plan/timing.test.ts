import { expect, test } from 'vitest';
import { repeatsFor, rounded } from '../../src/plan/timing';

test('what is short is repeated until it can be timed, within reason', () => {
  expect([100, 10, 1, 0.001, 0].map((milliseconds) => repeatsFor(milliseconds))).toEqual([1, 2, 20, 2000, 2000]);
  expect(repeatsFor(1, 4)).toBe(4);
  expect(rounded(123.456)).toBe(123.5);
});
