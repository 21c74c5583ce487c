import { expect, test } from 'vitest';
import { PlanBuilder } from '../../src/plan/builder';
import { prune } from '../../src/plan/prune';
import { toy, toyKernel } from './toy';

test('what nothing reads is dropped, with all that only it needed', () => {
  const b = new PlanBuilder(1, true);
  const x = b.parameter('x', [4], 0);
  const kept = toy(b, x, 'kept');
  toy(b, toy(b, kept, 'needed by the dead end only'), 'dead end');
  const result = b.slab('result', 'ring', [4]);
  b.dispatch(toyKernel, 'forward', { x: kept, y: result }, { size: 4, accumulate_dx: 0 }, 4, { label: 'result' });
  expect(prune(b.dispatches).map(({ label }) => label)).toEqual(['kept', 'result']);
  expect(b.dispatches).toHaveLength(4);
});

test('everything that adds to a wanted tensor is kept', () => {
  const b = new PlanBuilder(1, true);
  const x = b.parameter('x', [4], 0);
  const y = toy(b, x, 'inner');
  for (const name of ['left', 'right']) b.passGradient(toy(b, y, name), b.slab('seed', 'm', [4]));
  b.differentiate();
  const labels = prune(b.dispatches).map(({ label }) => label);
  // The forward results themselves are read by nobody here.
  expect(labels).toEqual(['backward / right dx', 'backward / left dx', 'backward / inner dx']);
});
