import { expect, test } from 'vitest';
import { once } from '../../src/ops/once';
import { PlanBuilder } from '../../src/plan/builder';

test('the first writer gets the gradient, a second one is refused by name', () => {
  const b = new PlanBuilder(1, true);
  const weight = b.parameter('norm weight', [4], 0);
  expect(once(b.grad(weight)).name).toBe('d norm weight');
  expect(() => once(b.grad(weight))).toThrow('d norm weight is written twice');
});
