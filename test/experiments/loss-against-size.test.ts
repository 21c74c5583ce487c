import { describe, expect, test } from 'vitest';
import { totalSteps, trainFlopsPerStep } from '../../src/config/flops';
import { BUDGETS, staticKey } from '../../src/config/run-spec';
import { parseRunSpec } from '../../src/config/validate';
import { expand } from '../../src/experiments/experiment';
import { lossAgainstSize as experiment } from '../../src/experiments/loss-against-size';

test('it is plain data', () => {
  expect(JSON.parse(JSON.stringify(experiment))).toEqual(experiment);
});

describe.each(experiment.budgets)('at %s', (budget) => {
  const runs = expand(experiment, budget);

  test('every run can be trained', () => {
    for (const { spec } of runs) expect(parseRunSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  test('nine runs in three cohorts, seeds side by side', () => {
    expect(runs).toHaveLength(9);
    expect(new Set(runs.map(({ spec }) => staticKey(spec))).size).toBe(3);
    expect(runs.map(({ arm, spec }) => `${arm}/${spec.hyper.seed}`)).toEqual([
      ...['width 8/1', 'width 8/2', 'width 8/3'],
      ...['width 16/1', 'width 16/2', 'width 16/3'],
      ...['width 24/1', 'width 24/2', 'width 24/3'],
    ]);
  });

  test('all sizes take the same number of steps, and the largest spends the budget', () => {
    const steps = new Set(runs.map(({ spec }) => totalSteps(spec)));
    expect(steps.size).toBe(1);
    const largest = runs.at(-1)!.spec;
    const spent = totalSteps(largest) * trainFlopsPerStep(largest);
    expect(Math.abs(spent / BUDGETS[budget] - 1)).toBeLessThan(0.04);
  });

  test('only model, learning rate and seed differ', () => {
    const rest = runs.map(({ spec }) => {
      const { model: _model, hyper, ...others } = spec;
      return JSON.stringify({ ...others, hyper: { ...hyper, seed: 0, lr: 0 } });
    });
    expect(new Set(rest).size).toBe(1);
  });
});

test('the learning rate follows 0.13 / √d, lower for long runs', () => {
  const rate = (budget: 'quick' | '8e11') => expand(experiment, budget).map(({ spec }) => spec.hyper.lr)[3];
  expect(rate('quick')).toBeCloseTo(0.13 / 4, 10);
  expect(rate('8e11')).toBeCloseTo((0.6 * 0.13) / 4, 10);
});

test('a smoke run warms up in a few steps', () => {
  expect(expand(experiment, 'smoke')[0]?.spec.schedule.warmupSteps).toBe(9);
  expect(expand(experiment, 'quick')[0]?.spec.schedule.warmupSteps).toBe(30);
});
