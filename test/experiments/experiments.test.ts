/** What holds for every experiment, and what the ladders of sizes promise. */
import { describe, expect, test } from 'vitest';
import { branchesOf, countParameters, totalSteps, trainFlopsPerStep } from '../../src/config/flops';
import { staticKey, type BudgetName } from '../../src/config/run-spec';
import { parseRunSpec } from '../../src/config/validate';
import { amountOf, armsOf, expand, type Experiment } from '../../src/experiments/experiment';
import { caseOf, EXPERIMENTS, experimentOf } from '../../src/experiments/experiments';
import { predict } from '../../src/experiments/predict';
import { race } from '../../src/experiments/race';
import { repeats } from '../../src/experiments/repeats';
import { size } from '../../src/experiments/size';
import type { RunRequest } from '../../src/protocol';

const spent = ({ spec }: RunRequest): number => totalSteps(spec) * trainFlopsPerStep(spec);
const ofArm = (runs: RunRequest[], arm: string): RunRequest => runs.find((run) => run.arm === arm)!;

test('experiments and cases are found by their ids', () => {
  const ids = EXPERIMENTS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(experimentOf('race')).toBe(race);
  expect(experimentOf('no such')).toBeUndefined();
  expect(caseOf(race, 'lag-1')?.setting).toEqual({ lag: 1 });
  expect(caseOf(race, 'no such')).toBeUndefined();
  for (const { cases } of EXPERIMENTS) expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
});

const everywhere: [string, BudgetName, Experiment][] = EXPERIMENTS.flatMap((experiment) =>
  experiment.budgets.map((budget): [string, BudgetName, Experiment] => [experiment.id, budget, experiment]),
);

describe.each(everywhere)('%s at %s', (_id, budget, experiment) => {
  const runs = expand(experiment, budget);

  test('it is plain data, and every run can be trained', () => {
    expect(JSON.parse(JSON.stringify(experiment))).toEqual(experiment);
    for (const { spec } of runs) expect(parseRunSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  test('no seed is used for tuning, and no two runs are the same', () => {
    const seeds = runs.map(({ spec }) => spec.hyper.seed);
    expect(seeds.filter((seed) => experiment.tuned.grid.seeds.includes(seed))).toEqual([]);
    expect(new Set(runs.map((run) => JSON.stringify(run.spec))).size).toBe(runs.length);
  });

  test('every run is given the budget’s tokens or compute, to half a step', () => {
    const { tokens, flops } = amountOf(experiment, budget);
    for (const run of runs) {
      const arm = experiment.varies.arms.find(({ name }) => name === run.arm)!;
      if (arm.tokensOf !== undefined) continue;
      if (arm.computeOf !== undefined) {
        const twin = spent(ofArm(runs, arm.computeOf));
        expect(Math.abs(spent(run) - twin)).toBeLessThanOrEqual(0.5 * trainFlopsPerStep(run.spec));
      } else if (tokens !== undefined) {
        const perStep = run.spec.batchSize * run.spec.seqLen;
        expect(Math.abs(totalSteps(run.spec) * perStep - tokens)).toBeLessThanOrEqual(0.5 * perStep);
      } else {
        expect(Math.abs(spent(run) - flops!)).toBeLessThanOrEqual(0.5 * trainFlopsPerStep(run.spec));
      }
    }
  });

  test('the warm-up is the same for all and over before half of the shortest branch', () => {
    const warmups = new Set(runs.map(({ spec }) => spec.schedule.warmupSteps));
    expect(warmups.size).toBe(1);
    const shortest = Math.min(...runs.map(({ spec }) => branchesOf(spec)[0]!.steps));
    expect([...warmups][0]).toBeLessThanOrEqual(shortest / 2);
  });
});

test('the short ladder: eight shapes, three seeds, sparse at the compute of dense', () => {
  const runs = expand(size, 'quick');
  expect(runs).toHaveLength(24);
  expect(new Set(runs.map(({ spec }) => staticKey(spec))).size).toBe(8);
  // As an independent implementation has them: 781 dense steps, 716 to 748 sparse ones.
  const steps = (arm: string): number => totalSteps(ofArm(runs, arm).spec);
  expect([8, 12, 16, 24].map((width) => steps(`dense ${width}`))).toEqual([781, 781, 781, 781]);
  expect([8, 12, 16, 24].map((width) => steps(`sparse ${width}`))).toEqual([716, 729, 738, 748]);
});

test('longer ladders have more sizes', () => {
  const arms = (budget: BudgetName): string[] => armsOf(size, budget, size.cases[0]);
  expect(arms('1e11')).toEqual([...arms('quick'), 'dense 32', 'sparse 32', 'dense 48', 'sparse 48']);
});

/** Parameters and training FLOPs a token by hand, for V = T = 32, 128 topics and two layers. */
test.each([
  // d: 2·(4d² + 2d) + d of the norm + 32d of the head + 2·8d² of the MLPs.
  ['dense 8', 2 * (4 * 64 + 16) + 8 + 256 + 2 * 8 * 64, 6 * (2 * (4 * 64 + 64 * 8 + 8 * 64) + 8 * 32)],
  ['dense 12', 2 * (4 * 144 + 24) + 12 + 384 + 2 * 8 * 144, 6 * (2 * (4 * 144 + 64 * 12 + 8 * 144) + 12 * 32)],
  ['dense 16', 2 * (4 * 256 + 32) + 16 + 512 + 2 * 8 * 256, 6 * (2 * (4 * 256 + 64 * 16 + 8 * 256) + 16 * 32)],
  ['dense 24', 2 * (4 * 576 + 48) + 24 + 768 + 2 * 8 * 576, 6 * (2 * (4 * 576 + 64 * 24 + 8 * 576) + 24 * 32)],
  ['dense 32', 2 * (4 * 1024 + 64) + 32 + 1024 + 2 * 8 * 1024, 6 * (2 * (4 * 1024 + 64 * 32 + 8 * 1024) + 32 * 32)],
  // Two experts of 2·d·2d and a router of 16d in each layer.
  ['sparse 8', 2 * (4 * 64 + 16 + 128) + 8 + 256 + 2 * 8 * 64, 6 * (2 * (4 * 64 + 64 * 8 + 8 * 64 + 128) + 8 * 32)],
  ['sparse 12', 2 * (4 * 144 + 24 + 192) + 12 + 384 + 2 * 8 * 144, 6 * (2 * (12 * 144 + 64 * 12 + 192) + 12 * 32)],
  ['sparse 16', 2 * (4 * 256 + 32 + 256) + 16 + 512 + 2 * 8 * 256, 6 * (2 * (12 * 256 + 64 * 16 + 256) + 16 * 32)],
  ['sparse 24', 2 * (4 * 576 + 48 + 384) + 24 + 768 + 2 * 8 * 576, 6 * (2 * (12 * 576 + 64 * 24 + 384) + 24 * 32)],
  ['sparse 32', 2 * (4 * 1024 + 64 + 512) + 32 + 1024 + 2 * 8 * 1024, 6 * (2 * (12 * 1024 + 64 * 32 + 512) + 32 * 32)],
])('%s has %i active parameters and costs %i FLOPs a token', (arm, active, flops) => {
  const { spec } = ofArm(expand(size, '1e11'), arm);
  expect(countParameters(spec).active).toBe(active);
  expect(trainFlopsPerStep(spec) / (spec.batchSize * spec.seqLen)).toBe(flops);
});

test('what is predicted is one run, of the largest size, asked for last', () => {
  const runs = expand(predict, 'quick');
  const target = runs.filter(({ arm }) => arm === predict.law!.predicted);
  expect(target).toEqual([runs.at(-1)]);
  const sizes = runs.map(({ spec }) => countParameters(spec).active);
  expect(Math.max(...sizes)).toBe(sizes.at(-1));
});

test('pools are as much smaller as they are read more often', () => {
  const pools = expand(repeats, 'quick', { seeds: [1] }).map(({ spec }) => spec.hyper.uniqueDocuments);
  expect(pools).toEqual([0, 6248, 3124, 1562, 781, 391]);
  expect(new Set(expand(repeats, 'quick').map(({ spec }) => staticKey(spec))).size).toBe(1);
});
