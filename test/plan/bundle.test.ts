import { expect, test } from 'vitest';
import { bundle } from '../../src/plan/bundle';
import { route } from '../../src/ops/route';
import { PlanBuilder } from '../../src/plan/builder';
import { prune } from '../../src/plan/prune';
import type { Tensor } from '../../src/plan/tensor';
import { toy, toyKernel } from './toy';

const labels = (b: PlanBuilder): string[] => bundle(b.dispatches).map(({ label }) => label);

function copy(b: PlanBuilder, x: Tensor, y: Tensor, label: string, replicas = b.replicas): void {
  const extents = { size: x.size, accumulate_dx: 0 };
  b.dispatch(toyKernel, 'forward', { x, y }, extents, x.size, { label, replicas, flops: 1 });
}

test('readers of one tensor go together, and what reads them behind them', () => {
  const b = new PlanBuilder(1, false);
  const x = b.slab('x', 'params', [40]);
  const y = toy(b, x, 'y');
  const [left, right] = [toy(b, y, 'left'), toy(b, y, 'right')];
  toy(b, left, 'after left');
  toy(b, right, 'after right');
  expect(labels(b)).toEqual(['y', 'left + right', 'after left + after right']);
});

test('work moves up to the first dispatch after all it depends on', () => {
  const b = new PlanBuilder(1, false);
  const x = b.slab('x', 'params', [40]);
  const y = toy(b, x, 'y');
  toy(b, y, 'reads y');
  toy(b, b.slab('z', 'params', [40], 64), 'reads neither');
  expect(labels(b)).toEqual(['y + reads neither', 'reads y']);
});

test('a joint dispatch has the workgroups, FLOPs, extents and tensors of its parts', () => {
  const b = new PlanBuilder(3, false);
  const x = b.slab('x', 'params', [40]);
  const z = b.slab('z', 'params', [20], 192);
  copy(b, x, b.tensor('y', [40]), 'first');
  copy(b, x, b.tensor('v', [40]), 'second');
  copy(b, z, b.tensor('w', [20]), 'third');
  const [joint, ...none] = bundle(b.dispatches);
  expect(none).toEqual([]);
  expect(joint).toMatchObject({
    label: 'first + second + third',
    grid: [3 + 3 + 2, 1, 3],
    flops: 9,
    extents: { start1: 3, start2: 6, part0_size: 40, part1_size: 40, part2_size: 20 },
  });
  // x is bound once.
  expect(joint!.bindings.map(({ tensor }) => tensor.name)).toEqual(['x', 'y', 'v', 'z', 'w']);
});

test('who writes what another reads or writes, before or after, stays apart', () => {
  const b = new PlanBuilder(1, false);
  const x = b.slab('x', 'params', [40]);
  const [y, z] = [b.tensor('y', [40]), b.tensor('z', [40])];
  copy(b, x, y, 'writes y');
  copy(b, y, z, 'reads y');
  copy(b, x, y, 'writes y again');
  copy(b, x, y, 'and again');
  expect(labels(b)).toEqual(['writes y', 'reads y', 'writes y again', 'and again']);
});

test('parts of a slab that overlap count as one tensor, those that do not may be written together', () => {
  const b = new PlanBuilder(1, false);
  const x = b.slab('x', 'params', [40]);
  copy(b, x, b.slab('first', 'grads', [64], 0), 'first');
  copy(b, x, b.slab('second', 'grads', [64], 64), 'second');
  copy(b, x, b.slab('across', 'grads', [64], 32), 'across');
  expect(labels(b)).toEqual(['first + second', 'across']);
});

test('no slab is bound read-only and writable at once', () => {
  const b = new PlanBuilder(1, false);
  copy(b, b.slab('a', 'params', [64], 0), b.tensor('y', [64]), 'reads the slab');
  copy(b, b.slab('s', 'm', [64], 0), b.slab('b', 'params', [64], 64), 'writes elsewhere in it');
  expect(labels(b)).toHaveLength(2);
});

test('one dispatch binds no more than WebGPU allows everywhere', () => {
  const b = new PlanBuilder(1, false);
  for (let i = 0; i < 5; i++) copy(b, b.slab('x', 'params', [4], 64 * i), b.tensor('y', [4]), `${i}`);
  expect(labels(b)).toEqual(['0 + 1 + 2 + 3', '4']);
});

test('parts share no workgroup memory, and together need no more than there is', () => {
  const b = new PlanBuilder(1, false);
  // Each sorts with 4,096 counters, all that a workgroup may have.
  for (const name of ['x', 'y']) route(b, b.tensor(name, [64]), 64);
  const dispatches = bundle(b.dispatches);
  expect(dispatches).toHaveLength(2);
});

test('together they have no more workgroups than a dispatch may have', () => {
  const b = new PlanBuilder(1, false);
  const half = 16 * 40_000;
  copy(b, b.slab('x', 'params', [half], 0), b.tensor('y', [half]), 'one');
  copy(b, b.slab('z', 'params', [half], half), b.tensor('v', [half]), 'other');
  expect(labels(b)).toEqual(['one', 'other']);
});

test('dispatches over other numbers of replicas stay apart', () => {
  const b = new PlanBuilder(2, false);
  const x = b.slab('x', 'params', [40]);
  copy(b, x, b.tensor('y', [40]), 'each');
  copy(b, x, b.tensor('z', [40]), 'one', 1);
  expect(labels(b)).toEqual(['each', 'one']);
});

test('two that add to one gradient wait for each other', () => {
  const b = new PlanBuilder(1, true);
  const x = b.parameter('x', [4], 0);
  for (const name of ['left', 'right']) b.passGradient(toy(b, x, name), b.slab('seed', 'm', [4]));
  b.differentiate();
  expect(bundle(prune(b.dispatches)).map(({ label }) => label)).toEqual(['backward / right dx', 'backward / left dx']);
});
