import { expect, test } from 'vitest';
import { buildPlan } from '../../src/plan/build';
import { PlanBuilder } from '../../src/plan/builder';
import { describePlan, kernelText } from '../../src/plan/describe';
import { planCohort } from '../../src/train/cohort';
import { kernelModule } from '../../src/gpu/kernel';
import { smallSpec } from '../config/specs';
import { toy, toyKernel } from './toy';

test('describePlan lists every dispatch with shapes, grid, FLOPs and bytes', () => {
  const b = new PlanBuilder(3, false);
  const y = b.scope('layer 0', () => toy(b, b.parameter('x', [5, 7], 0)));
  const ring = b.slab('ring', 'ring', [5, 7]);
  b.dispatch(toyKernel, 'forward', { x: y, y: ring }, { size: 35, accumulate_dx: 0 }, 35, { label: 'out', flops: 1 });
  const described = describePlan(buildPlan(b));
  expect(described.dispatches[0]).toEqual({
    index: 0,
    kernel: 'toy/forward',
    label: 'layer 0 / y',
    grid: [3, 1, 3],
    bindings: ['x: [3, 5, 7]', 'y: [3, 5, 7]'],
    flops: 3 * 35,
    bytes: 2 * 3 * 35 * 4,
  });
  expect(described).toMatchObject({ executedFlops: 3 * 35 + 3, bytesMoved: 4 * 3 * 35 * 4, pipelines: 1 });
});

test('a training plan is plain data that survives JSON', () => {
  const described = describePlan(planCohort([smallSpec()]).train.plan);
  expect(JSON.parse(JSON.stringify(described))).toEqual(described);
  expect(described.executedFlops).toBeGreaterThan(0);
  expect(described.pipelines).toBeLessThan(described.dispatches.length);
});

test('the text of a dispatch is what is compiled, with its numbers and the file that it was made from', () => {
  const { plan } = planCohort([smallSpec()]).train;
  const index = plan.dispatches.findIndex(({ kernel }) => kernel.name === 'attention');
  const text = kernelText(plan, index)!;
  const { kernel, constants, entry, extents } = plan.dispatches[index]!;
  expect(text.code).toBe(kernelModule(kernel, constants).code);
  expect(text.code).toContain(`fn ${entry}(`);
  expect(text).toMatchObject({ entry, constants, extents, workgroupSize: [16, 1, 1] });
  expect(text.files.map(({ name }) => name)).toEqual(['attention']);
  expect(text.files[0]!.text).toContain('// Causal multi-head attention');
  expect(JSON.parse(JSON.stringify(text))).toEqual(text);
});

test('a joint dispatch names each file once', () => {
  const { plan } = planCohort([smallSpec()], 'workgroup', true).train;
  const joint = plan.dispatches.findIndex(({ kernel }) => kernel.name.startsWith('layernorm/backward_weight + '));
  const { files, code } = kernelText(plan, joint)!;
  expect(files.map(({ name }) => name)).toEqual(['layernorm']);
  expect(code).toContain('fn side_by_side(');
});

test('there is no text of a dispatch that is not there', () => {
  expect(kernelText(planCohort([smallSpec()]).train.plan, 10_000)).toBeUndefined();
});
