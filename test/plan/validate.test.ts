/** Each rule of `validatePlan`, broken once. */
import { expect, test } from 'vitest';
import { defineKernel } from '../../src/gpu/kernel';
import { PlanBuilder } from '../../src/plan/builder';
import type { Plan } from '../../src/plan/plan';
import type { Tensor } from '../../src/plan/tensor';
import { validatePlan } from '../../src/plan/validate';
import { toyKernel } from './toy';

const extents = { size: 4, accumulate_dx: 0 };

/** A plan of what `record` dispatches, every activation in a slot of its own unless `slots` says otherwise. */
function planOf(record: (b: PlanBuilder) => void, slots = new Map<number, number>()): Plan {
  const b = new PlanBuilder(2, true);
  record(b);
  for (const { bindings } of b.dispatches) {
    for (const { tensor } of bindings) if (!slots.has(tensor.id)) slots.set(tensor.id, 100 + tensor.id);
  }
  return { replicas: 2, dispatches: b.dispatches, slots, slotWords: [] };
}

function forward(b: PlanBuilder, x: Tensor, y: Tensor, invocations = 4): void {
  b.dispatch(toyKernel, 'forward', { x, y }, extents, invocations, { label: 'the culprit' });
}

test('a plan that keeps the rules passes', () => {
  const plan = planOf((b) => {
    const y = b.tensor('y', [4]);
    forward(b, b.parameter('x', [4], 64), y);
    forward(b, y, b.tensor('z', [4]));
  });
  expect(() => validatePlan(plan)).not.toThrow();
});

const wide = defineKernel(
  'wide',
  `@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(16, 17)
fn main() { y[0] = 1.0; }`,
);
const letters = [...'abcdefghi'];
const many = defineKernel(
  'many',
  `${letters.map((name, i) => `@group(0) @binding(${i}) var<storage, read> ${name}: array<f32>;`).join('\n')}
@compute @workgroup_size(1)
fn main() { ${letters.map((name) => `use(${name}[0]);`).join(' ')} }`,
);

test.each<[string, (b: PlanBuilder) => void]>([
  ['workgroup too large', (b) => b.dispatch(wide, 'main', { y: b.tensor('y', [4]) }, {}, 1, { label: 'the culprit' })],
  [
    '9 storage buffers',
    (b) => {
      const bound = Object.fromEntries(letters.map((name, i) => [name, b.parameter(name, [4], 128 * i)]));
      b.dispatch(many, 'main', bound, {}, 1, { label: 'the culprit' });
    },
  ],
  ['grid 65536 × 1 × 2', (b) => forward(b, b.parameter('x', [4], 0), b.tensor('y', [4]), 16 * 65_536)],
  ['grid 0 × 1 × 2', (b) => forward(b, b.parameter('x', [4], 0), b.tensor('y', [4]), 0)],
  ['grid NaN × 1 × 2', (b) => forward(b, b.parameter('x', [4], 0), b.tensor('y', [4]), NaN)],
  [
    'x and y bind one buffer, one read-only and one writable',
    (b) => forward(b, b.parameter('x', [4], 0), b.parameter('y', [4], 128)),
  ],
  [
    'y and z write the same range',
    (b) => {
      const bound = { x: b.parameter('x', [4], 0), y: b.slab('y', 'm', [4], 0), z: b.slab('z', 'm', [4], 64) };
      b.dispatch(toyKernel, 'both', bound, extents, 4, { label: 'the culprit' });
    },
  ],
  ['early is read before anything writes it', (b) => forward(b, b.tensor('early', [4]), b.tensor('y', [4]))],
  ['x starts at an offset that no binding can have', (b) => forward(b, b.parameter('x', [4], 32), b.tensor('y', [4]))],
])('%s', (message, record) => {
  expect(() => validatePlan(planOf(record))).toThrow(/^plan: the culprit \((toy|wide|many)\/\w+\): /);
  expect(() => validatePlan(planOf(record))).toThrow(message);
});

test('a tensor beyond the largest binding is refused in words for the user', () => {
  // 96 MiB for each of two replicas.
  const plan = planOf((b) => forward(b, b.parameter('x', [1.5 * 2 ** 24], 0), b.tensor('y', [4])));
  expect(() => validatePlan(plan)).toThrow(expect.objectContaining({ name: 'LabError/limits' }) as Error);
  expect(() => validatePlan(plan)).toThrow(/needs 192\sMiB in one piece of graphics memory \(x\)/);
});

test('two tensors in one slot may not meet in one dispatch', () => {
  const plan = planOf((b) => {
    const [y, z] = [b.tensor('y', [4]), b.tensor('z', [4])];
    forward(b, b.parameter('x', [4], 0), y);
    forward(b, y, z);
  });
  for (const tensor of plan.dispatches[1]!.bindings) plan.slots.set(tensor.tensor.id, 0);
  expect(() => validatePlan(plan)).toThrow('x and y bind one buffer');
});

test('ranges of one slab that only touch may both be written', () => {
  const plan = planOf((b) => {
    const bound = { x: b.parameter('x', [4], 0), y: b.slab('y', 'm', [4], 0), z: b.slab('z', 'm', [4], 128) };
    b.dispatch(toyKernel, 'both', bound, extents, 4);
  });
  expect(() => validatePlan(plan)).not.toThrow();
});
