/** Time of each dispatch of a step, on a scratch state: where the step's time goes. */
import { Allocator } from '../src/gpu/allocator';
import { openDevice } from '../src/gpu/device';
import { describePlan } from '../src/plan/describe';
import { Cohort, planCohort } from '../src/train/cohort';
import { timeReplay } from './lib/ceiling';
import { ladder16, seeds, stepS } from './lib/specs';

/** Milliseconds that the repeats of one dispatch should take together. */
const ENOUGH = 20;

export async function measure(): Promise<Record<string, string | number>[]> {
  const { device, profile } = await openDevice();
  const allocator = new Allocator(device);
  const rows: Record<string, string | number>[] = [];
  for (const specs of [[stepS], seeds(ladder16, 3)]) {
    const plan = planCohort(specs, profile);
    const cohort = await Cohort.create(allocator, plan);
    await cohort.run(1);
    const { dispatches } = describePlan(plan.train.plan);
    for (const [i, { label, kernel, grid, flops, bytes }] of dispatches.entries()) {
      const once = await timeReplay(device, cohort.training, 1, i, i + 1);
      const repeats = Math.max(2, Math.min(64, Math.round(ENOUGH / once)));
      const times: number[] = [];
      for (let k = 0; k < 3; k++) times.push(await timeReplay(device, cohort.training, repeats, i, i + 1));
      const ms = Math.min(...times);
      rows.push({
        d: plan.config.model.dModel,
        label,
        kernel,
        grid: grid.join('×'),
        ms: Number(ms.toFixed(3)),
        'GFLOP/s': Number((flops / ms / 1e6).toFixed(2)),
        'GB/s': Number((bytes / ms / 1e6).toFixed(2)),
      });
    }
    cohort.destroy();
  }
  return rows;
}
