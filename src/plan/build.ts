import type { PlanBuilder } from './builder';
import { bundle } from './bundle';
import type { Plan } from './plan';
import { prune } from './prune';
import { assignSlots } from './slots';
import { validatePlan } from './validate';

/** The passes over what a builder recorded, in order: differentiate, prune, bundle, assign slots, validate. */
export function buildPlan(builder: PlanBuilder): Plan {
  const pruned = prune(builder.dispatches, builder.kept);
  const dispatches = builder.bundled ? bundle(pruned) : pruned;
  const plan = { replicas: builder.replicas, dispatches, ...assignSlots(dispatches, builder.kept) };
  validatePlan(plan);
  return plan;
}
