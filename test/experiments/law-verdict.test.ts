/** Ends that were made by a rule, and what is said of them. */
import { describe, expect, test } from 'vitest';
import { countParameters, totalSteps, tokensPerStep, trainFlopsPerStep } from '../../src/config/flops';
import { compute } from '../../src/experiments/compute';
import { data } from '../../src/experiments/data';
import { expand, type Experiment } from '../../src/experiments/experiment';
import { lawVerdict } from '../../src/experiments/law-verdict';
import { noise } from '../../src/experiments/noise';
import { predict } from '../../src/experiments/predict';
import { returns } from '../../src/experiments/returns';
import { size } from '../../src/experiments/size';
import { sparseBySize } from '../../src/experiments/sparse-by-size';
import type { Fit } from '../../src/fit-protocol';
import type { FrozenPrediction, RunResult } from '../../src/protocol';

interface At {
  arm: string;
  seed: number;
  n: number;
  d: number;
  noise: number;
}

/** All ends of an experiment at its quick budget, each with the excess that a rule gives it. */
function ended(experiment: Experiment, excess: (at: At) => number): RunResult[] {
  return expand(experiment, 'quick').flatMap(({ arm, spec }) =>
    spec.branches.map((fraction) => {
      const steps = Math.round(totalSteps(spec) * fraction);
      const { seed, noise } = spec.hyper;
      const [paramsActive, tokens] = [countParameters(spec).active, steps * tokensPerStep(spec)];
      const trainFlops = steps * trainFlopsPerStep(spec);
      const value = excess({ arm, seed, n: paramsActive, d: tokens, noise });
      return {
        ...{ arm, seed, spec, paramsActive, tokens, trainFlops, excess: value },
        diverged: !(value < 7),
        branch: { budgetFlops: trainFlops },
      } as RunResult;
    }),
  );
}

/** The same for a seed everywhere, and so no part of a paired difference. */
const seeded = (value: number, seed: number): number => value * (1 + seed / 50);

function powerLaw(kind: string, alpha: number, enough: boolean): Fit {
  return {
    ...{ law: 'power', kind, x: 'n', parameters: { A: 10, alpha, E: 0 }, notes: [], sizes: enough ? 6 : 4, enough },
    ...{ intervals: { alpha: [alpha - 0.02, alpha + 0.02] }, objective: 0, delta: 0.01, r2: 1, runs: 12 },
    curve: { x: [], y: [], low: [], high: [] },
  };
}

describe('sizes', () => {
  const runs = ended(size, ({ arm, seed, n }) => seeded(n ** (arm.startsWith('sparse') ? -0.34 : -0.22), seed));

  test('under five it compares the ends and shows no exponent', () => {
    const fits = [powerLaw('dense', 0.22, false), powerLaw('sparse', 0.34, false)];
    const verdict = lawVerdict(size, runs, fits)!;
    expect(verdict.comparisons.map(({ from, to, pairs }) => [from, to, pairs])).toEqual([
      ['dense 8', 'dense 24', 3],
      ['sparse 8', 'sparse 24', 3],
    ]);
    expect(verdict.comparisons[0]!.factor).toBeCloseTo((14712 / 1832) ** 0.22, 8);
    expect(verdict.headline).toBe(
      'Dense 24 ended *1.6× closer* to the floor than dense 8 and sparse 24 ended *2.0× closer* to the floor than sparse 8.',
    );
    expect(verdict.sentence).toContain('a line through four sizes is no law yet: an exponent takes five');
    expect(verdict.sentence).not.toContain('0.22');
  });

  test('with five it shows each exponent with its interval', () => {
    const verdict = lawVerdict(size, runs, [powerLaw('dense', 0.22, true), powerLaw('sparse', 0.34, true)])!;
    expect(verdict.headline).toBe(
      'Loss falls as a power of size, with exponent *0.22 (90 %: 0.2 – 0.24)* for the dense models and *0.34 (90 %: 0.32 – 0.36)* for the sparse models.',
    );
  });

  test('runs that diverged are left out and counted', () => {
    const broken = runs.map((run, i) => (i === 0 ? { ...run, excess: NaN, diverged: true } : run));
    expect(lawVerdict(size, broken, [])).toMatchObject({ diverged: 1, comparisons: [{ pairs: 2 }, { pairs: 3 }] });
  });

  test('nothing to compare, nothing said', () => {
    expect(lawVerdict(size, [], [])).toBeUndefined();
    expect(
      lawVerdict(
        size,
        runs.filter(({ arm }) => arm === 'dense 8'),
        [],
      ),
    ).toBeUndefined();
  });
});

test('a lead is counted size by size', () => {
  const runs = ended(sparseBySize, ({ arm, seed, n }) => {
    const lead = arm === 'sparse 8' ? 1 + (seed - 2) / 10 : arm.startsWith('sparse') ? 0.5 : 1;
    return seeded(lead * n ** -0.2, seed);
  });
  const verdict = lawVerdict(sparseBySize, runs, [])!;
  expect(verdict.comparisons).toHaveLength(5);
  expect(verdict.headline).toContain('*at four of five sizes*');
});

test('the last doubling of the data, for each size', () => {
  const runs = ended(data, ({ arm, seed, d }) => seeded((arm === 'dense 8' ? 0.5 : 0.1) + (d / 4e4) ** -0.5, seed));
  const verdict = lawVerdict(data, runs, [])!;
  const last = verdict.comparisons.filter(({ to }) => to === 'dense 24').at(-1)!;
  const excess = (d: number): number => 0.1 + (d / 4e4) ** -0.5;
  expect(last.at[1] / last.at[0]).toBeCloseTo(2, 10);
  expect(last.factor).toBeCloseTo(excess(last.at[0]) / excess(last.at[1]), 8);
  expect(verdict.headline).toBe(
    'The last doubling of the data took *12\u00a0%* off what dense 8 was above the floor and *23\u00a0%* off what dense 24 was above the floor.',
  );
  expect(verdict.comparisons).toHaveLength(8);
});

test('compute: from the best size at one budget to the best at the next', () => {
  const runs = ended(compute, ({ seed, n, d }) => seeded(20 / n ** 0.4 + 200 / d ** 0.5, seed));
  const verdict = lawVerdict(compute, runs, [])!;
  expect(verdict.comparisons).toHaveLength(4);
  for (const { at, factor } of verdict.comparisons) {
    expect(at[1] / at[0]).toBeGreaterThan(1.9);
    expect(at[1] / at[0]).toBeLessThan(2.1);
    expect(factor).toBeGreaterThan(1);
  }
});

test('returns: each gain in nats is smaller than the one before', () => {
  const runs = ended(returns, ({ seed, n }) => seeded(n ** -0.25, seed));
  const { comparisons } = lawVerdict(returns, runs, [])!;
  const gains = comparisons.map(({ excess }) => excess[0] - excess[1]);
  expect(gains).toHaveLength(5);
  expect(comparisons[0]!.from).toBe('dense 8');
});

describe('a prediction', () => {
  const made: FrozenPrediction = {
    ...{ arm: 'dense 32', x: 25_000, predicted: 0.5, interval: [0.45, 0.55] },
    frozenAt: '2026-01-31T12:00:00.000Z',
  };

  test('is said before its run has ended, and scored behind it', () => {
    expect(lawVerdict(predict, [], [], made)!.headline).toBe('Predicted for dense 32: *0.500* nats above the floor.');
    const hit = lawVerdict(predict, [], [], { ...made, measured: 0.46, hit: true })!;
    expect(hit.headline).toBe('*Hit*: dense 32 ended at *0.460*; predicted were 0.500.');
    const miss = lawVerdict(predict, [], [], { ...made, measured: 0.6, hit: false })!;
    expect(miss.headline).toBe('*Miss*: dense 32 ended at *0.600*; predicted were 0.500.');
    expect(miss.sure).toContain('20\u00a0% above the prediction');
  });
});

describe('noise', () => {
  // Noisy data is worth (1 − noise)² as much.
  const runs = ended(noise, ({ seed, d, noise: share }) => seeded((((1 - share) ** 2 * d) / 1e4) ** -0.5, seed));
  const verdict = lawVerdict(noise, runs, [])!;

  test('is counted in clean data, on the clean runs’ own curve', () => {
    expect(verdict.worth.map(({ arm }) => arm)).toEqual(['10 % wrong', '20 % wrong', '40 % wrong']);
    verdict.worth.forEach(({ factor }, i) => {
      expect(factor).toBeCloseTo((1 - [0.1, 0.2, 0.4][i]!) ** 2, 6);
    });
  });

  test('and compared with clean at the end', () => {
    expect(verdict.comparisons.map(({ from, to }) => [from, to])).toEqual([
      ['10 % wrong', 'clean'],
      ['20 % wrong', 'clean'],
      ['40 % wrong', 'clean'],
    ]);
    expect(verdict.headline).toBe(
      '10 % wrong ended *1.1×*, 20 % wrong *1.2×* and 40 % wrong *1.7×* as far from the floor as clean.',
    );
  });

  test('no difference is a verdict', () => {
    const same = ended(noise, ({ arm, seed }) => 1 + (arm.length % 3) * (seed - 2) * 0.01);
    expect(lawVerdict(noise, same, [])!.headline).toContain('*No difference* between clean and');
  });
});
