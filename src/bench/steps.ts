/** Whole training steps, and what more replicas add. The ceiling is measured between the steps: machines drift. */
import type { DispatchFigures, ReplicaFigures, StepFigures } from '../bench-result';
import { tokensPerStep, trainFlopsPerStep } from '../config/flops';
import type { RunSpec } from '../config/run-spec';
import type { Allocator } from '../gpu/allocator';
import type { KernelProfile } from '../gpu/profile';
import { median } from '../math/statistics';
import { describePlan } from '../plan/describe';
import type { PlanRow } from '../protocol';
import { Cohort, planCohort } from '../train/cohort';
import { multiplyAddCeiling } from './ceilings';
import { ladder16, raceArm, seeds, stepM, stepS } from './specs';
import { medianTime, rounded } from '../plan/timing';

/** FLOPs that are enough to be timed at once without a GPU. */
const ENOUGH = 3e8;
const STEPS = 64;

export interface Measuring {
  allocator: Allocator;
  profile: KernelProfile;
  bundled: boolean;
  rounds: number;
  full: boolean;
  log: (what: string) => void;
}

function stepsToMeasure(full: boolean): [name: string, specs: RunSpec[]][] {
  return [
    ['S', [stepS]],
    ['d 16, three replicas', seeds(ladder16, 3)],
    ['race, dense', raceArm('dense')],
    ['race, sparse', raceArm('sparse')],
    ...(full ? [['M', [stepM]] as [string, RunSpec[]]] : []),
  ];
}

export async function measureSteps({
  allocator,
  profile,
  bundled,
  rounds,
  full,
  log,
}: Measuring): Promise<StepFigures[]> {
  const ceiling = await multiplyAddCeiling(allocator);
  const figures: StepFigures[] = [];
  for (const [name, specs] of stepsToMeasure(full)) {
    log(name);
    const began = performance.now();
    const plan = planCohort(specs, profile, bundled);
    const cohort = await Cohort.create(allocator, plan);
    const planBuildMs = performance.now() - began;
    await cohort.run(2);
    const flops = trainFlopsPerStep(plan.config) * specs.length;
    const steps = Math.max(1, Math.min(STEPS, Math.round(ENOUGH / flops)));
    const [times, shares]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      const before = await ceiling();
      const started = performance.now();
      await cohort.run(steps);
      const each = (performance.now() - started) / steps;
      times.push(each);
      shares.push(flops / each / 1e6 / ((before + (await ceiling())) / 2));
    }
    const milliseconds = median(times);
    const { dispatches, executedFlops, bytesMoved } = describePlan(plan.train.plan);
    figures.push({
      ...{ name, milliseconds: rounded(milliseconds), share: rounded(median(shares), 3) },
      tokensPerSecond: Math.round((1000 * tokensPerStep(plan.config) * specs.length) / milliseconds),
      gflops: rounded(flops / milliseconds / 1e6),
      ...{ dispatches: dispatches.length, bytesMoved, flopsExecuted: executedFlops },
      planBuildMs: Math.round(planBuildMs),
    });
    cohort.destroy();
  }
  return figures;
}

/** One replica and eight of the race's dense arm, in turn. */
export async function measureReplicas({
  allocator,
  profile,
  bundled,
  rounds,
  log,
}: Measuring): Promise<ReplicaFigures[]> {
  const counts = [1, 3, 8];
  const cohorts: { cohort: Cohort; times: number[] }[] = [];
  for (const count of counts) {
    log(`replicas: ${count}`);
    const cohort = await Cohort.create(allocator, planCohort(seeds(ladder16, count), profile, bundled));
    await cohort.run(2);
    cohorts.push({ cohort, times: [] });
  }
  for (let round = 0; round < rounds; round++) {
    for (const { cohort, times } of cohorts) {
      const started = performance.now();
      await cohort.run(4);
      times.push((performance.now() - started) / 4);
    }
  }
  return cohorts.map(({ cohort, times }) => {
    const tokens = tokensPerStep(cohort.plan.config) * cohort.replicas;
    cohort.destroy();
    return {
      count: cohort.replicas,
      tokensPerSecond: Math.round((1000 * tokens) / median(times)),
      dispatchesPerToken: rounded(cohort.plan.train.plan.dispatches.length / tokens),
    };
  });
}

/** Milliseconds of each dispatch of a step, replayed by itself on a state that is thrown away. */
export async function timeDispatches(
  { allocator, profile, bundled, rounds }: Pick<Measuring, 'allocator' | 'profile' | 'bundled' | 'rounds'>,
  specs: RunSpec[],
  onNext: (dispatch: PlanRow, count: number) => void,
): Promise<{ dispatches: PlanRow[]; times: number[] }> {
  const cohort = await Cohort.create(allocator, planCohort(specs, profile, bundled));
  await cohort.run(2);
  const { dispatches } = describePlan(cohort.plan.train.plan);
  const times: number[] = [];
  for (const dispatch of dispatches) {
    onNext(dispatch, dispatches.length);
    times.push(await medianTime(allocator.device, cohort.training, rounds, dispatch.index));
  }
  cohort.destroy();
  return { dispatches, times };
}

export async function measureDispatches(measuring: Measuring): Promise<DispatchFigures[]> {
  const figures: DispatchFigures[] = [];
  for (const [step, specs] of stepsToMeasure(false)) {
    const { dispatches, times } = await timeDispatches(measuring, specs, ({ label }) => {
      measuring.log(`${step}: ${label}`);
    });
    const sum = times.reduce((a, b) => a + b, 0);
    for (const [i, { label, kernel, flops, bytes }] of dispatches.entries()) {
      const milliseconds = times[i]!;
      figures.push({
        ...{ step, label, kernel, milliseconds: rounded(milliseconds), share: rounded(milliseconds / sum, 3) },
        ...{ gflops: rounded(flops / milliseconds / 1e6), gbps: rounded(bytes / milliseconds / 1e6) },
      });
    }
  }
  return figures;
}
