/**
 * Where a training step's time goes, dispatch by dispatch: both arms of the quick race with three replicas, and S. Each
 * dispatch is replayed by itself, on a state that is thrown away, until it is long enough to be timed.
 */
import { expand } from '../src/experiments/experiment';
import { race } from '../src/experiments/race';
import type { RunSpec } from '../src/config/run-spec';
import { Allocator } from '../src/gpu/allocator';
import { openDevice } from '../src/gpu/device';
import { describePlan } from '../src/plan/describe';
import { Cohort, planCohort } from '../src/train/cohort';
import { timeReplay } from './lib/ceiling';
import { median } from './lib/median';
import { stepS } from './lib/specs';

const ROUNDS = 5;
const MILLISECONDS = 20;

function arm(name: string): RunSpec[] {
  return expand(race, 'quick', {})
    .filter((request) => request.arm === name)
    .map(({ spec }) => spec);
}

export async function measure(log: (line: string) => void): Promise<Record<string, string | number>[]> {
  const { device, info, profile } = await openDevice();
  const allocator = new Allocator(device);
  const rows: Record<string, string | number>[] = [];
  for (const [name, specs] of [
    ['dense', arm('dense')],
    ['sparse', arm('sparse')],
    ['S', [stepS]],
  ] as [string, RunSpec[]][]) {
    log(`${info.name}: ${name}`);
    const cohort = await Cohort.create(allocator, planCohort(specs, profile));
    await cohort.run(2);
    const { dispatches } = describePlan(cohort.plan.train.plan);
    const replay = cohort.training;
    const whole = [];
    for (let round = 0; round < ROUNDS; round++) whole.push(await timeReplay(device, replay));
    const times = [];
    for (const { index } of dispatches) {
      const once = await timeReplay(device, replay, 4, index, index + 1);
      const repeats = Math.ceil(MILLISECONDS / Math.max(once, 0.05));
      const rounds = [];
      for (let round = 0; round < ROUNDS; round++)
        rounds.push(await timeReplay(device, replay, repeats, index, index + 1));
      times.push(median(rounds));
    }
    const sum = times.reduce((a, b) => a + b, 0);
    for (const [index, { label, grid, flops, bytes }] of dispatches.entries()) {
      const ms = times[index]!;
      rows.push({
        ...{ step: name, label, grid: grid.join(' × '), ms: round(ms, 3), 'share %': round((100 * ms) / sum, 1) },
        ...{ 'GFLOP/s': round(flops / ms / 1e6, 2), 'GB/s': round(bytes / ms / 1e6, 2) },
      });
    }
    rows.push({ step: name, label: 'sum', grid: '', ms: round(sum, 1), 'share %': 100, 'GFLOP/s': 0, 'GB/s': 0 });
    rows.push({
      step: name,
      label: 'step',
      grid: '',
      ms: round(median(whole), 1),
      'share %': 0,
      'GFLOP/s': 0,
      'GB/s': 0,
    });
    cohort.destroy();
  }
  return rows;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
