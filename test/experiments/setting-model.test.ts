import { expect, test } from 'vitest';
import { BUDGETS } from '../../src/config/run-spec';
import type { Setting } from '../../src/experiments/experiment';
import { race } from '../../src/experiments/race';
import { change, EXPERTS, planOf, SHARES, TOP_K, WIDTHS } from '../../src/experiments/setting-model';

const [first] = race.cases;
const plan = (setting: Setting, budget: keyof typeof BUDGETS = 'quick') => planOf(race, first, budget, setting)!;

test('as the experiment has it', () => {
  const { values, arms, changed } = plan({});
  expect(values).toEqual({ nExperts: 16, topK: 2, dModel: 16, lag: 2, share: 0 });
  expect(arms.map(({ arm, total, active }) => [arm, total, active])).toEqual([
    ['dense', 8016, 6736],
    ['sparse', 37200, 7248],
  ]);
  expect(changed).toEqual([]);
});

test('whatever is set, all spend the same compute, within a step', () => {
  for (const nExperts of EXPERTS) {
    for (const topK of TOP_K.filter((k) => k <= nExperts)) {
      for (const dModel of WIDTHS) {
        for (const { flops, steps } of plan({ nExperts, topK, dModel }).arms) {
          expect(Math.abs(flops / BUDGETS.quick - 1)).toBeLessThanOrEqual(0.51 / steps);
        }
      }
    }
  }
  for (const share of SHARES) expect(plan({ share }).values.share).toBe(share);
});

test('what is as the experiment has it is no change', () => {
  expect(change(race, first, 'quick', { nExperts: 8 }, { nExperts: 16 }).setting).toEqual({});
  expect(change(race, first, 'quick', {}, { dModel: 16 }).setting).toEqual({});
  // With more compute dense has another width than sparse, and one width for both is a change.
  expect(change(race, first, '1e11', {}, { dModel: 16 }).setting).toEqual({ dModel: 16 });
});

test('no token visits more experts than there are, and it is said', () => {
  expect(change(race, first, 'quick', {}, { nExperts: 1 })).toEqual({
    setting: { nExperts: 1, topK: 1 },
    clamped: true,
  });
  expect(change(race, first, 'quick', { nExperts: 2 }, { topK: 4 })).toEqual({
    setting: { nExperts: 2 },
    clamped: true,
  });
  expect(change(race, first, 'quick', { nExperts: 4 }, { topK: 4 })).toEqual({
    setting: { nExperts: 4, topK: 4 },
    clamped: false,
  });
});
