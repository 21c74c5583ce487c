/** Work of a cohort in training FLOPs of all its replicas, evaluations included: what fairness and progress count. */
import { branchesOf, executedSteps, trainFlopsPerStep } from '../config/flops';
import type { CohortPlan } from './cohort';
import { WRITTEN } from './writing';
import { heldOut } from '../config/held-out';

/** A forward pass costs a third of a training step. */
const EVALUATION_SHARE = 1 / 3;

/** Training steps that one evaluation batch is worth. */
export function stepsOfBatch({ config }: CohortPlan): number {
  return (EVALUATION_SHARE * heldOut(config).batchSize) / config.batchSize;
}

/**
 * Training steps that a look is worth: an evaluation batch, and where a text is read as many small forward passes as
 * characters are written, of which each costs its dispatches rather than its rows.
 */
export function stepsOfLook(plan: CohortPlan): number {
  const dispatches = plan.write ? WRITTEN * plan.write.plan.dispatches.length : 0;
  return stepsOfBatch(plan) + dispatches / plan.train.plan.dispatches.length;
}

/** Work of one training step. */
export function stepWork({ config, hypers }: CohortPlan): number {
  return trainFlopsPerStep(config) * hypers.length;
}

/** Work of one branch's evaluation. */
export function evaluationWork(plan: CohortPlan): number {
  return heldOut(plan.config).batches * stepsOfBatch(plan) * stepWork(plan);
}

/** Work of the whole cohort. */
export function workOf(plan: CohortPlan): number {
  return executedSteps(plan.config) * stepWork(plan) + branchesOf(plan.config).length * evaluationWork(plan);
}
