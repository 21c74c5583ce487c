/** How many dispatches a step takes, and that plans keep to WebGPU's default limits. */
import { expect, test } from 'vitest';
import { trainFlopsPerStep } from '../../src/config/flops';
import type { MoeConfig, RunSpec } from '../../src/config/run-spec';
import { describePlan } from '../../src/plan/describe';
import { planCohort } from '../../src/train/cohort';
import { raceSpec, smallSparseSpec, smallSpec, sparseSpec, stepSpec } from '../config/specs';

test('the step S takes at most 40 dispatches, for any number of replicas', () => {
  const counts = [1, 3].map((replicas) => {
    const specs = Array.from({ length: replicas }, () => stepSpec());
    return planCohort(specs).train.plan.dispatches.length;
  });
  expect(counts[0]).toBeLessThanOrEqual(40);
  expect(counts[1]).toBe(counts[0]);
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
    return planCohort([{ ...spec, model: { ...spec.model, moe } }]).train.plan.dispatches.length;
  });
  expect(counts[0]).toBeLessThanOrEqual(64);
  expect(counts[1]).toBe(counts[0]);
});

test('a router without a gradient leaves out what only a gradient needs', () => {
  // Where every dispatch is one kernel.
  const count = (router: MoeConfig['router']): number =>
    planCohort([smallSparseSpec({}, { router })], 'subgroup').train.plan.dispatches.length;
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
  const { train, evaluate } = planCohort(Array.from({ length: 8 }, () => spec));
  expect(train.plan.dispatches.length).toBeGreaterThan(evaluate.plan.dispatches.length);
  expect(evaluate.gradients.size).toBe(0);
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
