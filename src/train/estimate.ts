import { executedSteps } from '../config/flops';
import type { Allocator } from '../gpu/allocator';
import { Cohort, type CohortPlan } from './cohort';
import type { Speed } from './speed';
import { heldOut } from '../config/held-out';
import { blankText } from './source';
import { submitSteps } from './submit';

/**
 * Milliseconds that a cohort will take, from some of its steps and one evaluation batch on this adapter, timed. A
 * step's time is told to `speed`; the pipelines that it compiles are the ones that training will use.
 */
export async function estimateCohort(allocator: Allocator, plan: CohortPlan, speed: Speed): Promise<number> {
  const cohort = await Cohort.create(allocator, plan, blankText(plan.config));
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  try {
    await cohort.run(1);
    let step = await timed(() => cohort.run(1));
    // As many in a submit as training will have: on a GPU most of a single step is waiting.
    const count = submitSteps(step);
    step = Math.min(await timed(() => cohort.run(count)), await timed(() => cohort.run(count))) / count;
    speed.estimated(plan, step);
    const batch = await timed(() => cohort.evaluate(1));
    return executedSteps(plan.config) * step + plan.branches.length * heldOut(plan.config).batches * batch;
  } finally {
    cohort.destroy();
  }
}
