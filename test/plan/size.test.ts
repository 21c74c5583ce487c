/** How many dispatches a step takes, and that plans keep to WebGPU's default limits. */
import { expect, test } from 'vitest';
import { trainFlopsPerStep } from '../../src/config/flops';
import type { MoeConfig, RunSpec } from '../../src/config/run-spec';
import type { Dispatch } from '../../src/plan/plan';
import { PROFILES } from '../../src/gpu/profile';
import { describePlan } from '../../src/plan/describe';
import { planCohort } from '../../src/train/cohort';
import { raceSpec, smallSparseSpec, smallSpec, sparseSpec, stepSpec } from '../config/specs';

test('the step S takes at most 40 dispatches, for any number of replicas', () => {
  const counts = [1, 3].map((replicas) => {
    const specs = Array.from({ length: replicas }, () => stepSpec());
    return planCohort(specs, 'register', true).train.plan.dispatches.length;
  });
  expect(counts[0]).toBeLessThanOrEqual(40);
  expect(counts[1]).toBe(counts[0]);
});

test('sums in parts take ten dispatches more', () => {
  expect(planCohort([stepSpec()], 'workgroup', true).train.plan.dispatches.length).toBeLessThanOrEqual(50);
});

/** S with eight experts of half the hidden width in place of each MLP, of which a token visits two. */
function sparseStepSpec(): RunSpec {
  const step = stepSpec();
  return { ...step, model: { ...step.model, dFf: 128, moe: { nExperts: 8, topK: 2, router: 'learned' } } };
}

test('the sparse step S takes at most 64 dispatches, for any number of experts', () => {
  const spec = sparseStepSpec();
  const counts = [8, 64].map((nExperts) => {
    const moe = { nExperts, topK: 2, router: 'learned' } as const;
    return planCohort([{ ...spec, model: { ...spec.model, moe } }], 'register', true).train.plan.dispatches.length;
  });
  expect(counts[0]).toBeLessThanOrEqual(64);
  expect(counts[1]).toBe(counts[0]);
});

test('a step of the race takes at most 42 dispatches dense and 60 sparse, where they are shared', () => {
  const [dense, sparse] = [raceSpec(), sparseSpec()].map(
    (spec) => planCohort([spec], 'register', true).train.plan.dispatches.length,
  );
  expect(dense).toBeLessThanOrEqual(42);
  expect(sparse).toBeLessThanOrEqual(60);
});

test('a router without a gradient leaves out what only a gradient needs', () => {
  const count = (router: MoeConfig['router']): number =>
    planCohort([smallSparseSpec({}, { router })]).train.plan.dispatches.length;
  expect(count('frozen')).toBe(count('learned') - 2); // dW of two layers
  expect(count('frozen-detached')).toBe(count('frozen') - 2 * 3); // d gates, d logits, dx
  expect(count('token-table')).toBe(count('frozen-detached') - 2); // no logits
});

test.each([
  ['race', raceSpec()],
  ['small', smallSpec()],
  ['S', stepSpec()],
  ['sparse race', sparseSpec()],
  ['small sparse', smallSparseSpec()],
  ['sparse S', sparseStepSpec()],
])('the plans of %s are valid for eight replicas', (_name, spec) => {
  // planCohort builds both plans, and validatePlan runs at every build.
  const { train, evaluate } = planCohort(
    Array.from({ length: 8 }, () => spec),
    'register',
    true,
  );
  expect(train.plan.dispatches.length).toBeGreaterThan(evaluate.plan.dispatches.length);
  expect(evaluate.gradients.size).toBe(0);
});

/** Bytes of every tensor touched once by each op that needs it, forward and backward being two ops. */
function leastBytes(dispatches: Dispatch[]): number {
  const ops = new Map<string, Map<number, number>>();
  for (const { label, bindings } of dispatches) {
    const op = label.replace(/ (dW|dW sum|dx|dweight|dq|dk dv|dq dk dv)$/, '');
    const tensors = ops.get(op) ?? new Map<number, number>();
    for (const { tensor } of bindings) tensors.set(tensor.id, tensor.parts * tensor.size * 4);
    ops.set(op, tensors);
  }
  const bytes = [...ops.values()].flatMap((tensors) => [...tensors.values()]);
  return bytes.reduce((sum, each) => sum + each, 0);
}

test.each([
  ['S', stepSpec()],
  ['sparse S', sparseStepSpec()],
  ['race', raceSpec()],
  ['sparse race', sparseSpec()],
])('%s moves at most 1.5 times the bytes that its ops need', (_name, spec) => {
  for (const profile of PROFILES) {
    const apart = planCohort([spec], profile).train.plan;
    const least = leastBytes(apart.dispatches);
    for (const { plan } of [planCohort([spec], profile, true).train, { plan: apart }]) {
      expect(describePlan(plan).bytesMoved / least, profile).toBeLessThan(1.5);
    }
  }
});

test('executed FLOPs are those of the convention, and padding and norms on top', () => {
  // With all eight experts computed, the sparse one would be at three times the convention.
  for (const spec of [stepSpec(), sparseStepSpec()]) {
    const { config, train } = planCohort([spec]);
    const ratio = describePlan(train.plan).executedFlops / trainFlopsPerStep(config);
    // Causal attention skips half of what the convention counts; recomputation and tile edges add some.
    expect(ratio).toBeGreaterThan(0.85);
    expect(ratio).toBeLessThan(1.25);
  }
});
