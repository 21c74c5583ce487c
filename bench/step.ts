/** The whole training step as a share of the multiply-add ceiling measured beside it, and its dispatches. */
import { trainFlopsPerStep, tokensPerStep } from '../src/config/flops';
import type { RunSpec } from '../src/config/run-spec';
import { Allocator } from '../src/gpu/allocator';
import { openDevice } from '../src/gpu/device';
import { describePlan } from '../src/plan/describe';
import { Cohort, planCohort } from '../src/train/cohort';
import { multiplyAddCeiling } from './lib/ceiling';
import { median } from './lib/median';
import { ladder16, seeds, stepS } from './lib/specs';

const ROUNDS = 9;

export async function measure(log: (line: string) => void): Promise<Record<string, string | number>[]> {
  const { device, info, profile } = await openDevice();
  const allocator = new Allocator(device);
  const ceiling = await multiplyAddCeiling(allocator);
  await ceiling();
  const rows = [];
  for (const [name, specs] of [
    ['S', [stepS]],
    ['d 16, three replicas', seeds(ladder16, 3)],
  ] as [string, RunSpec[]][]) {
    log(`${info.name}: step ${name}`);
    const planned = performance.now();
    const plan = planCohort(specs, profile);
    const cohort = await Cohort.create(allocator, plan);
    const planMs = performance.now() - planned;
    await cohort.run(2);
    // The ceiling is measured between the steps, since the machine's speed drifts; the ratio is what counts.
    const shares: number[] = [];
    const ceilings: number[] = [];
    const milliseconds: number[] = [];
    const flops = trainFlopsPerStep(plan.config) * specs.length;
    const steps = Math.max(1, Math.round(3e8 / flops));
    for (let round = 0; round < ROUNDS; round++) {
      const before = await ceiling();
      const started = performance.now();
      await cohort.run(steps);
      const elapsed = (performance.now() - started) / steps;
      const now = (before + (await ceiling())) / 2;
      ceilings.push(now);
      milliseconds.push(elapsed);
      shares.push(flops / elapsed / 1e6 / now);
    }
    const { dispatches, pipelines, executedFlops, bytesMoved } = describePlan(plan.train.plan);
    rows.push({
      name,
      'ms/step': round(median(milliseconds), 1),
      'GFLOP/s': round(flops / median(milliseconds) / 1e6, 2),
      ceiling: round(median(ceilings), 2),
      'share %': round(100 * median(shares), 1),
      'tokens/s': Math.round((1000 * tokensPerStep(plan.config) * specs.length) / median(milliseconds)),
      dispatches: dispatches.length,
      pipelines,
      'executed/train FLOPs': round(executedFlops / flops, 3),
      'MB moved': round(bytesMoved / 1e6, 1),
      'cold start ms': Math.round(planMs),
    });
    cohort.destroy();
  }
  return rows;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
