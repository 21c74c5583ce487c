import { expect, test } from 'vitest';
import { race } from '../../src/experiments/race';
import type { ResultFile, RunResult } from '../../src/protocol';
import { reproductionOf } from '../../src/share/reproduction';
import { shareText } from '../../src/text/share';
import { power, runsOf } from '../ui/law-runs';

const shared = { runs: runsOf(race, 'smoke', power(30, 0.4)) } as ResultFile;
const with_ = (change: (run: RunResult) => Partial<RunResult>): ResultFile =>
  ({ runs: shared.runs.map((run) => ({ ...run, ...change(run) })) }) as ResultFile;
const words = (here: ResultFile): string => shareText.shared.reproduced(reproductionOf(shared, here)!);

test('the same numbers are the same', () => {
  const rounded = with_(({ excess }) => ({ excess: Number(excess.toPrecision(5)) }));
  expect(reproductionOf(shared, rounded)?.exact).toBe(true);
  expect(words(rounded)).toMatch(/^\*Reproduced\* to the last digit/);
});

test('what lies within the shared interval is reproduced', () => {
  // The seeds are 2 % apart: the interval of their mean is 5 % wide to each side.
  const near = with_(({ excess }) => ({ excess: 1.03 * excess }));
  expect(reproductionOf(shared, near)?.arms.map(({ inside }) => inside)).toEqual([true, true]);
  expect(words(near)).toMatch(/^\*Reproduced\*: all two/);
});

test('what lies outside is named, with both numbers', () => {
  const off = with_(({ arm, excess }) => ({ excess: arm === 'dense' ? 1.1 * excess : excess }));
  expect(words(off)).toMatch(/^\*Partly reproduced\*: one of two/);
  expect(shareText.shared.outside(reproductionOf(shared, off)!)).toMatch(
    /^Outside: dense \d\.\d+ \(shared \d\.\d+ ± \d/,
  );
  expect(words(with_(({ excess }) => ({ excess: 2 * excess })))).toMatch(/^\*Not reproduced\*: none of the two/);
});

test('a run that was stopped is compared where both have an end', () => {
  const first = Math.min(...shared.runs.map(({ branch }) => branch.budgetFlops));
  const early = { runs: shared.runs.filter(({ branch }) => branch.budgetFlops < 2 * first) } as ResultFile;
  expect(reproductionOf(shared, early)?.exact).toBe(true);
  expect(reproductionOf(shared, { runs: [] as RunResult[] } as ResultFile)).toBeUndefined();
});

test('one seed has no interval', () => {
  const single = { runs: shared.runs.filter(({ seed }) => seed === 1) } as ResultFile;
  const here = with_(({ excess }) => ({ excess: 1.01 * excess }));
  const found = reproductionOf(single, here)!;
  expect(found.arms.every(({ inside }) => inside === undefined)).toBe(true);
  expect(shareText.shared.reproduced(found)).toMatch(/One seed has no interval: dense ended at/);
});
