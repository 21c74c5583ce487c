import type { PlanBuilder } from './builder';
import type { Plan } from './plan';
import { prune } from './prune';
import { assignSlots } from './slots';
import { validatePlan } from './validate';

/** The passes over what a builder recorded, in order: differentiate, prune, assign slots, validate. */
export function buildPlan(builder: PlanBuilder): Plan {
  const dispatches = prune(builder.dispatches, builder.kept);
  const plan = { replicas: builder.replicas, dispatches, ...assignSlots(dispatches, builder.kept) };
  validatePlan(plan);
  return plan;
}
