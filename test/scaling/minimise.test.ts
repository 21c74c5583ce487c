import { expect, test } from 'vitest';
import { minimise } from '../../src/scaling/minimise';

test('finds the bottom of a curved valley (Rosenbrock 1960)', () => {
  const { at, value } = minimise(
    ([x = 0, y = 0], gradient) => {
      gradient.set([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    },
    [-1.2, 1],
  );
  expect(value).toBeLessThan(1e-18);
  expect(at[0]).toBeCloseTo(1, 8);
  expect(at[1]).toBeCloseTo(1, 8);
});

test('goes to the kink of absolute values', () => {
  const { at } = minimise(
    ([x = 0, y = 0], gradient) => {
      gradient.set([Math.sign(x - 3) + Math.sign(x + y), Math.sign(x + y)]);
      return Math.abs(x - 3) + Math.abs(x + y);
    },
    [-5, 8],
  );
  expect(at[0]).toBeCloseTo(3, 6);
  expect(at[1]).toBeCloseTo(-3, 6);
});

test('stays where the slope is zero', () => {
  expect(minimise(([x = 0], gradient) => (gradient.set([2 * x]), x * x), [0])).toEqual({
    at: Float64Array.from([0]),
    value: 0,
  });
});
