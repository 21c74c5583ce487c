import { describe, expect, test } from 'vitest';
import { branchesOf, countParameters, totalSteps, trainFlopsPerStep } from '../../src/config/flops';
import { BUDGETS, staticKey, type BudgetName, type RunSpec } from '../../src/config/run-spec';
import { parseRunSpec } from '../../src/config/validate';
import { expand, type Case, type Setting } from '../../src/experiments/experiment';
import { caseOf } from '../../src/experiments/experiments';
import { race as experiment } from '../../src/experiments/race';
import type { RunRequest } from '../../src/protocol';

const flopsOf = (spec: RunSpec): number => totalSteps(spec) * trainFlopsPerStep(spec);
const only = (runs: RunRequest[], arm: string): RunSpec => runs.find((run) => run.arm === arm)!.spec;

/** Everything that a fair comparison may not vary. */
function fixedPart({ model, hyper, budget: _budget, ...others }: RunSpec): string {
  const { nLayers, norm, activation, bias } = model;
  return JSON.stringify({ ...others, nLayers, norm, activation, bias, hyper: { ...hyper, lr: 0 } });
}

test('it is plain data', () => {
  expect(JSON.parse(JSON.stringify(experiment))).toEqual(experiment);
});

test('what a case compares is among its arms', () => {
  for (const { arms, compared } of experiment.cases) {
    if (compared) expect(arms).toEqual(expect.arrayContaining(Object.values(compared)));
  }
});

const everyRun: [BudgetName, string, Case][] = experiment.budgets.flatMap((budget) =>
  experiment.cases.map((one): [BudgetName, string, Case] => [budget, one.id, one]),
);

describe.each(everyRun)('at %s, %s', (budget, _id, chosen) => {
  const runs = expand(experiment, budget, { case: chosen });

  test('every run can be trained', () => {
    for (const { spec } of runs) expect(parseRunSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  test('the seeds of an arm train together, the same ones in each', () => {
    expect(runs.map(({ arm, spec }) => `${arm}/${spec.hyper.seed}`)).toEqual(
      chosen.arms.flatMap((arm) => experiment.seeds.map((seed) => `${arm}/${seed}`)),
    );
    expect(new Set(runs.map(({ spec }) => staticKey(spec))).size).toBe(chosen.arms.length);
  });

  test('only model, learning rate and length differ', () => {
    for (const seed of experiment.seeds) {
      const ofSeed = runs.filter(({ spec }) => spec.hyper.seed === seed);
      expect(new Set(ofSeed.map(({ spec }) => fixedPart(spec))).size).toBe(1);
    }
  });

  test('every arm spends the budget, to within half a step', () => {
    for (const { arm, spec } of runs) {
      if (arm === 'dense, equal memory') continue;
      expect(Math.abs(flopsOf(spec) - BUDGETS[budget])).toBeLessThanOrEqual(0.5 * trainFlopsPerStep(spec));
    }
  });

  test('the warm-up is over before half of the shortest branch', () => {
    for (const { spec } of runs) {
      expect(spec.schedule.warmupSteps).toBeLessThanOrEqual((branchesOf(spec)[0]?.steps ?? 0) / 2);
      expect(spec.schedule.warmupSteps).toBe(budget === 'smoke' ? 4 : 30);
    }
  });
});

test('sparse models have as many active numbers as the dense one, but for the router', () => {
  const runs = expand(experiment, 'quick', { case: { ...experiment.cases[0], arms: armNames() } });
  const dense = countParameters(only(runs, 'dense')).active;
  for (const arm of armNames().filter((name) => !name.startsWith('dense'))) {
    const spec = only(runs, arm);
    const router = arm === 'sparse' ? spec.model.nLayers * spec.model.dModel * 16 : 0;
    expect(countParameters(spec).active - router, arm).toBe(dense);
  }
});

test('at 3 × 10¹⁰ FLOPs the dense model makes 1,122 steps, the sparse one 1,060', () => {
  const runs = expand(experiment, 'quick');
  expect(runs.map(({ spec }) => totalSteps(spec))).toEqual([1122, 1122, 1122, 1060, 1060, 1060]);
  expect(branchesOf(only(runs, 'sparse')).map(({ steps }) => steps)).toEqual([265, 530, 1060]);
});

describe('the dense model of equal memory', () => {
  const memory = caseOf(experiment, 'memory')!;

  test('has the sparse one’s parameters and tokens', () => {
    for (const budget of experiment.budgets) {
      const runs = expand(experiment, budget, { case: memory });
      const [sparse, dense] = [only(runs, 'sparse'), only(runs, 'dense, equal memory')];
      expect(dense.model).toMatchObject({ dModel: 36, nHeads: 3, dFf: 144 });
      expect(totalSteps(dense)).toBe(totalSteps(sparse));
      expect(flopsOf(dense) / flopsOf(sparse)).toBeGreaterThan(3.9);
    }
  });

  test.each([2, 4, 8, 16, 32, 64])('whatever the sparse one is: %i experts', (nExperts) => {
    for (const dModel of [8, 16, 24, 32, 48]) {
      const runs = expand(experiment, 'quick', { case: memory, setting: { nExperts, dModel } });
      const [dense, sparse] = ['dense, equal memory', 'sparse'].map((arm) => countParameters(only(runs, arm)).total);
      // Widths go in steps, which weigh most where the model is small.
      expect(Math.abs(Math.log(dense! / sparse!))).toBeLessThan(nExperts < 8 ? 0.35 : 0.25);
    }
  });
});

describe('what a reader may set', () => {
  const settings: Setting[] = [1, 2, 4, 8, 16, 32, 64].flatMap((nExperts) =>
    [1, 2, 3, 4]
      .filter((topK) => topK <= nExperts)
      .flatMap((topK) => [8, 16, 24, 32, 48].map((dModel) => ({ nExperts, topK, dModel }))),
  );
  const sources: Setting[] = ([1, 2] as const).flatMap((lag) =>
    [0, 0.1, 0.5, 0.9].map((share): Setting => ({ lag, share })),
  );

  test.each(['smoke', 'quick', '1e11'] as const)('can be trained at %s, in every case', (budget) => {
    for (const chosen of experiment.cases) {
      for (const setting of settings) {
        for (const { spec } of expand(experiment, budget, { case: chosen, setting, seeds: [1] })) {
          expect(() => parseRunSpec(spec), JSON.stringify(setting)).not.toThrow();
        }
      }
    }
  });

  test('reaches the specs', () => {
    const runs = expand(experiment, 'quick', { setting: { nExperts: 8, topK: 4, dModel: 32, lag: 1, share: 0.9 } });
    expect(only(runs, 'dense').model).toMatchObject({ dModel: 32, nHeads: 4, dFf: 128 });
    expect(only(runs, 'sparse').model).toMatchObject({ dModel: 32, dFf: 32, moe: { nExperts: 8, topK: 4 } });
    for (const { spec } of runs) expect(spec).toMatchObject({ source: { lag: 1 }, hyper: { share: 0.9 } });
  });

  test('of the source is valid and goes before the case’s own', () => {
    const shared = caseOf(experiment, 'shared')!;
    for (const setting of sources) {
      for (const { spec } of expand(experiment, 'quick', { case: shared, setting, seeds: [7] })) {
        expect(parseRunSpec(spec)).toEqual(spec);
        expect(spec).toMatchObject({ source: { lag: setting.lag }, hyper: { share: setting.share, seed: 7 } });
      }
    }
  });

  test('a token visits no more experts than there are', () => {
    const runs = expand(experiment, 'quick', { setting: { nExperts: 1 } });
    expect(only(runs, 'sparse').model).toMatchObject({ dFf: 64, moe: { nExperts: 1, topK: 1 } });
  });

  test('that is as the experiment has it changes nothing', () => {
    const setting: Setting = { nExperts: 16, topK: 2, dModel: 16, lag: 2, share: 0 };
    expect(expand(experiment, 'quick', { setting })).toEqual(expand(experiment, 'quick'));
  });
});

function armNames(): string[] {
  return experiment.varies.arms.map(({ name }) => name);
}
