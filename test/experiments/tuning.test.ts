import { describe, expect, test } from 'vitest';
import { staticKey } from '../../src/config/run-spec';
import { parseRunSpec } from '../../src/config/validate';
import { caseOf, EXPERIMENTS } from '../../src/experiments/experiments';
import { race } from '../../src/experiments/race';
import stored from '../../src/experiments/race-tuning.json';
import {
  assembleTuning,
  bestCells,
  planTuning,
  type PlannedCell,
  type Tuning,
  type TuningCell,
} from '../../src/experiments/tuning';
import type { ResultFile, RunResult } from '../../src/protocol';

const tunings: readonly Tuning[] = stored;
const subject = { experiment: 'race', case: 'race', budget: 'quick', seeds: [101, 102] };

function cell(arm: string, dModel: number, lr: number, mean: number | null): TuningCell {
  return { arm, dModel, lr, excess: [mean, mean], mean };
}

describe('the cells of the race', () => {
  const planned = planTuning(race, 'quick', race.cases[0], race.tuned.grid.seeds);
  const names = planned.map(({ arm, dModel, lr }) => `${arm} ${dModel} ${lr}`);

  test('are the same multiples of the rule for every arm, and three widths of the dense one', () => {
    expect(names).toEqual([
      ...['dense 12 0.0139', 'dense 12 0.0277', 'dense 12 0.0554'],
      ...['dense 16 0.012', 'dense 16 0.024', 'dense 16 0.048'],
      ...['dense 24 0.0098', 'dense 24 0.0196', 'dense 24 0.0392'],
      ...['sparse 16 0.012', 'sparse 16 0.024', 'sparse 16 0.048'],
    ]);
  });

  test('rates and seeds of an arm and width share a cohort, and only the end counts', () => {
    const specs = planned.flatMap(({ requests }) => requests.map(({ spec }) => spec));
    expect(specs).toHaveLength(24);
    expect(new Set(specs.map(staticKey)).size).toBe(4);
    for (const spec of specs) {
      expect(parseRunSpec(spec)).toEqual(spec);
      expect(spec.branches).toEqual([1]);
    }
  });

  test('have seeds that the race never uses, and names of their own', () => {
    const requests = planned.flatMap((one) => one.requests);
    expect([...new Set(requests.map(({ spec }) => spec.hyper.seed))]).toEqual([101, 102]);
    expect(new Set(requests.map(({ arm }) => arm)).size).toBe(planned.length);
  });
});

test('every case of every experiment can be tuned, at every budget', () => {
  for (const experiment of EXPERIMENTS) {
    expect(experiment.tuned.grid.seeds.filter((seed) => experiment.seeds.includes(seed))).toEqual([]);
    for (const budget of experiment.budgets) {
      for (const chosen of experiment.cases) {
        const cells = planTuning(experiment, budget, chosen, experiment.tuned.grid.seeds);
        expect([...new Set(cells.map(({ arm }) => arm))]).toEqual(chosen.arms);
        for (const { requests } of cells) for (const { spec } of requests) parseRunSpec(spec);
      }
    }
  }
});

describe('the best cell', () => {
  test('has the lowest mean of its arm', () => {
    const cells = [cell('a', 16, 1, 0.5), cell('a', 16, 2, 0.3), cell('a', 16, 4, 0.4), cell('b', 16, 1, 0.1)];
    expect(bestCells(cells)).toEqual([
      { arm: 'a', dModel: 16, lr: 2, interior: true },
      { arm: 'b', dModel: 16, lr: 1, interior: false },
    ]);
  });

  test('is not interior at the edge of the rates of its width, nor at the edge of the widths', () => {
    const grid = (best: [number, number]): TuningCell[] =>
      [8, 16, 24].flatMap((width) =>
        [1, 2, 4].map((rate) => cell('a', width, rate * width, best.join() === `${width},${rate}` ? 0.1 : 0.2)),
      );
    expect(bestCells(grid([16, 2]))[0]?.interior).toBe(true);
    expect(bestCells(grid([16, 4]))[0]?.interior).toBe(false);
    expect(bestCells(grid([24, 2]))[0]?.interior).toBe(false);
  });

  test('is none that failed with a seed', () => {
    expect(bestCells([cell('a', 16, 1, null), cell('a', 16, 2, 0.9)])[0]?.lr).toBe(2);
    expect(bestCells([cell('a', 16, 1, null)])).toEqual([]);
  });
});

test('a tuning is assembled from the runs of its cells', () => {
  const planned = planTuning(race, 'smoke', race.cases[0], [101, 102]);
  const excessOf = ({ lr, dModel }: PlannedCell, seed: number): number => lr + dModel / 100 + seed / 1000;
  const runs = planned.flatMap((one) =>
    one.requests.map(({ arm, spec }): RunResult => {
      const { seed } = spec.hyper;
      const diverged = one.lr === 0.048 && seed === 102;
      return { arm, seed, excess: diverged ? NaN : excessOf(one, seed), diverged } as RunResult;
    }),
  );
  const result = { device: { name: 'an adapter' }, version: '1.2.3', runs } as ResultFile;
  const tuning = assembleTuning({ ...subject, budget: 'smoke' }, planned, result);
  expect(tuning).toMatchObject({ ...subject, budget: 'smoke', device: 'an adapter', version: '1.2.3' });
  expect(tuning.cells).toHaveLength(6);
  expect(tuning.cells[0]?.excess).toEqual([0.012 + 0.16 + 0.101, 0.012 + 0.16 + 0.102]);
  expect(tuning.cells[0]?.mean).toBeCloseTo(0.2735, 10);
  expect(tuning.cells[2]).toMatchObject({ lr: 0.048, excess: [0.048 + 0.16 + 0.101, null], mean: null });
  expect(tuning.best).toEqual([
    { arm: 'dense', dModel: 16, lr: 0.012, interior: false },
    { arm: 'sparse', dModel: 16, lr: 0.012, interior: false },
  ]);
  expect(JSON.parse(JSON.stringify(tuning))).toEqual(tuning);
  // What was stopped before its end has no numbers, and no best.
  expect(assembleTuning(subject, planned, { ...result, runs: [] }).best).toEqual([]);
});

describe.each(tunings.map((tuning): [string, Tuning] => [`${tuning.case} at ${tuning.budget}`, tuning]))(
  'stored tuning of %s',
  (_name, tuning) => {
    test('is of the race’s own source, on seeds that it never uses', () => {
      expect(tuning.experiment).toBe(race.id);
      expect(caseOf(race, tuning.case)?.setting).toEqual({});
      expect(tuning.seeds.filter((seed) => race.seeds.includes(seed))).toEqual([]);
    });

    test('has the best cells that its numbers say, inside the grid', () => {
      expect(bestCells(tuning.cells)).toEqual(tuning.best);
      expect(tuning.best.filter(({ interior }) => !interior)).toEqual([]);
    });

    test('gave every arm the same trials', () => {
      const trials = tuning.cells.map(({ arm, dModel }) => `${arm} ${dModel}`);
      const counts = new Set(trials.map((trial) => trials.filter((other) => other === trial).length));
      expect(counts.size).toBe(1);
    });

    test('has widths that the race uses', () => {
      const budget = race.budgets.find((name) => name === tuning.budget)!;
      for (const { arm, dModel } of tuning.best) {
        const { model, at } = race.varies.arms.find(({ name }) => name === arm)!;
        expect({ ...race.base.model, ...model, ...at?.[budget] }.dModel, arm).toBe(dModel);
      }
    });
  },
);

test('the race uses the best rates of every stored tuning', () => {
  for (const { budget, best } of tunings) {
    for (const { arm, lr } of best) {
      const known: Partial<Record<string, number>> = race.varies.arms.find(({ name }) => name === arm)?.lr ?? {};
      expect(known[budget], arm).toBeCloseTo(lr, 12);
    }
  }
});
