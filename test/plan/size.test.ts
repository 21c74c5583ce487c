/** How many dispatches a step takes, and that plans keep to WebGPU's default limits. */
import { expect, test } from 'vitest';
import { trainFlopsPerStep } from '../../src/config/flops';
import { describePlan } from '../../src/plan/describe';
import { planCohort } from '../../src/train/cohort';
import { raceSpec, smallSpec, stepSpec } from '../config/specs';

test('the step S takes at most 60 dispatches, for any number of replicas', () => {
  const counts = [1, 3].map((replicas) => {
    const specs = Array.from({ length: replicas }, () => stepSpec());
    return planCohort(specs).train.plan.dispatches.length;
  });
  expect(counts[0]).toBeLessThanOrEqual(60);
  expect(counts[1]).toBe(counts[0]);
});

test.each([
  ['race', raceSpec()],
  ['small', smallSpec()],
  ['S', stepSpec()],
])('the plans of %s are valid for eight replicas', (_name, spec) => {
  // planCohort builds both plans, and validatePlan runs at every build.
  const { train, evaluate } = planCohort(Array.from({ length: 8 }, () => spec));
  expect(train.plan.dispatches.length).toBeGreaterThan(evaluate.plan.dispatches.length);
  expect(evaluate.gradients.size).toBe(0);
});

test('executed FLOPs are those of the convention, and padding and norms on top', () => {
  const { config, train } = planCohort([stepSpec()]);
  const ratio = describePlan(train.plan).executedFlops / trainFlopsPerStep(config);
  // Causal attention skips half of what the convention counts; recomputation and tile edges add some.
  expect(ratio).toBeGreaterThan(0.85);
  expect(ratio).toBeLessThan(1.25);
});
