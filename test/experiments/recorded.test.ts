import { describe, expect, test } from 'vitest';
import { branchesOf, tokensPerStep, totalSteps, trainFlopsPerStep } from '../../src/config/flops';
import type { BudgetName } from '../../src/config/run-spec';
import { expand, type Case, type Selection } from '../../src/experiments/experiment';
import { caseOf } from '../../src/experiments/experiments';
import { race } from '../../src/experiments/race';
import stored from '../../src/experiments/race-recorded.json';
import { recordCase, recordResults } from '../../src/experiments/record';
import { recordedCase, type RecordedFile } from '../../src/experiments/recorded';
import { verdictOf } from '../../src/experiments/verdict-of';
import type { ResultFile, RunResult } from '../../src/protocol';

const results: RecordedFile = stored;
const lag1 = caseOf(race, 'lag-1')!;

/** What a case would measure if its excess followed a formula: a result file, as it is read from disk. */
function resultOf(chosen: Case, selection: Selection = {}, budget: BudgetName = 'quick'): ResultFile {
  const runs = expand(race, budget, { case: chosen, ...selection }).flatMap(({ arm, spec }) =>
    branchesOf(spec).map(({ steps }) => {
      const { seed, lr } = spec.hyper;
      const trainFlops = steps * trainFlopsPerStep(spec);
      const excess = (arm === 'dense' ? 1 : 0.6) * (1 + seed / 100) * Math.sqrt(3e10 / trainFlops) * 0.123456789;
      const tokens = steps * tokensPerStep(spec);
      const seconds = trainFlops / 1e9;
      const branch = { budgetFlops: trainFlops };
      return { arm, seed, spec, lr, trainFlops, tokens, excess, seconds, branch, diverged: false, changes: [] };
    }),
  );
  const device = { name: 'an adapter', kernelProfile: 'register' };
  const result = { schemaVersion: 1, experiment: 'race', budget, device, version: '1.2.3', seconds: 1, runs };
  return JSON.parse(JSON.stringify(result)) as ResultFile;
}

const withRuns = (result: ResultFile, change: (run: RunResult) => RunResult | undefined): ResultFile => ({
  ...result,
  runs: result.runs.flatMap((run) => change(run) ?? []),
});

describe('a result is recorded', () => {
  test('under the case whose runs it has', () => {
    for (const chosen of race.cases) expect(recordCase(resultOf(chosen))?.[0]).toBe(chosen.id);
  });

  test('with its numbers, and what they belong to', () => {
    const [, recorded] = recordCase(resultOf(lag1))!;
    expect(recorded).toMatchObject({ budget: 'quick', seeds: [1, 2, 3] });
    expect(recorded.arms.map(({ arm, dModel, steps }) => [arm, dModel, steps])).toEqual([
      ['dense', 16, 1122],
      ['sparse', 16, 1060],
      ['table by token', 16, 1060],
    ]);
    expect(recorded.arms[0]?.ends).toHaveLength(3);
    expect(recorded.arms[0]?.ends[2]?.excess[0]).toBeCloseTo(0.123456789 * 1.01, 4);
  });

  test('and read again gives the verdict of the runs', () => {
    const result = resultOf(lag1);
    const file = recordResults([result], '2026-01-31');
    const recorded = recordedCase(lag1, JSON.parse(JSON.stringify(file)) as RecordedFile)!;
    const measured = verdictOf(race, result.runs)!;
    expect(recorded).toMatchObject({ device: 'an adapter', version: '1.2.3', date: '2026-01-31', budget: 'quick' });
    expect(recorded.verdict?.sentence).toBe(measured.kind === 'race' ? measured.sentence : '');
    expect(recorded.ends).toHaveLength(result.runs.length);
  });

  test('with the runs that diverged', () => {
    const broken = withRuns(resultOf(lag1), (run) =>
      run.arm === 'sparse' && run.seed === 2 ? { ...run, excess: null as unknown as number, diverged: true } : run,
    );
    const file = recordResults([broken], '2026-01-31');
    expect(file.cases['lag-1']?.arms[1]?.ends[2]?.excess[1]).toBeNull();
    expect(recordedCase(lag1, file)?.verdict).toMatchObject({ seeds: 2, diverged: 1 });
  });

  test('in one file for several cases', () => {
    const file = recordResults(
      race.cases.map((chosen) => resultOf(chosen)),
      '2026-01-31',
    );
    expect(Object.keys(file.cases)).toEqual(race.cases.map(({ id }) => id));
    expect(recordedCase(caseOf(race, 'memory')!, file)?.verdict).toBeNull();
    expect(recordedCase(caseOf(race, 'frozen')!, file)?.verdict).toMatchObject({ dense: 'frozen router' });
  });
});

describe('what does not fit is refused', () => {
  const result = resultOf(lag1);

  test.each<[string, ResultFile]>([
    ['no run', { ...result, runs: [] }],
    ['a branch is missing', withRuns(result, (run) => (run.tokens < 2e5 ? undefined : run))],
    [
      'a seed of one arm is missing',
      withRuns(result, (run) => (run.seed === 3 && run.arm === 'dense' ? undefined : run)),
    ],
    ['a budget that it was not run at', { ...result, budget: '1e11' }],
    ['a budget that there is not', { ...result, budget: 'custom' }],
    ['a setting of the reader’s', resultOf(lag1, { setting: { nExperts: 4 } })],
    [
      'another learning rate',
      withRuns(result, (run) => ({ ...run, spec: { ...run.spec, hyper: { ...run.spec.hyper, lr: 1 } } })),
    ],
    ['a change on the way', withRuns(result, (run) => ({ ...run, changes: [{ step: 1, patch: { lr: 1 } }] }))],
  ])('%s', (_what, wrong) => {
    expect(recordCase(wrong)).toBeUndefined();
    expect(() => recordResults([wrong], '')).toThrow(/is not of a case of the race as it is now/);
  });

  test('together', () => {
    expect(() => recordResults([], '')).toThrow(/no result/);
    expect(() => recordResults([result, result], '')).toThrow(/the case lag-1/);
    const elsewhere = { ...resultOf(race.cases[0]), version: '1.2.4' };
    expect(() => recordResults([result, elsewhere], '')).toThrow(/different adapters or versions/);
  });
});

test('a case that was not recorded has no numbers', () => {
  expect(recordedCase(lag1, { ...results, cases: {} })).toBeUndefined();
});

describe.each(Object.entries(results.cases))('recorded case %s', (id, recorded) => {
  const chosen = caseOf(race, id)!;
  const budget = race.budgets.find((name) => name === recorded?.budget)!;

  test('is of the race as it is now', () => {
    expect(recorded?.seeds).toEqual(race.seeds);
    const requests = expand(race, budget, { case: chosen, seeds: [race.seeds[0]!] });
    const now = requests.map(({ arm, spec }) => {
      const { dModel } = spec.model;
      const flops = branchesOf(spec).map(({ steps }) => steps * trainFlopsPerStep(spec));
      return { arm, dModel, lr: spec.hyper.lr, steps: totalSteps(spec), flops };
    });
    const then = recorded?.arms.map(({ ends, ...arm }) => ({
      ...arm,
      flops: ends.map(({ trainFlops }) => trainFlops),
    }));
    expect(then).toEqual(now);
  });

  test('has every seed at every end, and a verdict where two arms are compared', () => {
    for (const { ends } of recorded?.arms ?? []) {
      for (const { excess } of ends) expect(excess).toHaveLength(race.seeds.length);
    }
    expect(recordedCase(chosen)?.verdict !== null).toBe(chosen.compared !== undefined);
  });
});
