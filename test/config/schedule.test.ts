import { describe, expect, it } from 'vitest';
import { branchesOf } from '../../src/config/flops';
import type { ScheduleConfig } from '../../src/config/run-spec';
import { lrScale, openFraction, SCHEDULE_COLUMNS, scheduleTable } from '../../src/config/schedule';
import { raceConfig, raceHyper } from './specs';

const wsd: ScheduleConfig = { kind: 'wsd', warmupSteps: 10, decayFraction: 0.2 };
const cosine: ScheduleConfig = { kind: 'cosine', warmupSteps: 10, decayFraction: 0 };
const constant: ScheduleConfig = { kind: 'constant', warmupSteps: 10, decayFraction: 0 };
const curve = (schedule: ScheduleConfig, steps = 100) =>
  Array.from({ length: steps }, (_, s) => lrScale(schedule, s, steps));

describe('lrScale', () => {
  it.each([wsd, cosine, constant])('of $kind warms up linearly and reaches 1', (schedule) => {
    const scales = curve(schedule);
    for (let step = 0; step < 10; step++) expect(scales[step]).toBeCloseTo((step + 1) / 10, 12);
    expect(Math.max(...scales)).toBe(1);
  });

  it('of wsd is flat, then falls in equal steps to one step above 0', () => {
    const scales = curve(wsd);
    expect(new Set(scales.slice(9, 80))).toEqual(new Set([1]));
    for (let step = 80; step < 100; step++) expect(scales[step]).toBeCloseTo((100 - step) / 21, 12);
    expect(lrScale(wsd, 100, 100)).toBe(0);
  });

  it('of cosine is half way down in the middle and 0 after the end', () => {
    expect(lrScale(cosine, 55, 100)).toBeCloseTo(0.5, 12);
    expect(lrScale(cosine, 100, 100)).toBeCloseTo(0, 12);
    const falling = curve(cosine).slice(10);
    expect(falling.every((scale, i) => i === 0 || scale < falling[i - 1]!)).toBe(true);
  });

  it('starts at 1 without warm-up', () => {
    expect(lrScale({ ...constant, warmupSteps: 0 }, 0, 100)).toBe(1);
  });

  it('is that of the trunk until a branch leaves it', () => {
    const branches = branchesOf({ ...raceConfig(), schedule: wsd, budget: { steps: 200 } });
    for (const { from, steps } of branches) {
      const trunk = Array.from({ length: from }, (_, step) => lrScale(wsd, step, 200));
      expect(Array.from({ length: from }, (_, step) => lrScale(wsd, step, steps))).toEqual(trunk);
      expect(lrScale(wsd, from, steps)).toBeLessThan(1);
    }
  });
});

describe('openFraction', () => {
  it('opens all topics over the first half, from an eighth', () => {
    expect([0, 25, 50, 99].map((step) => openFraction('easy-first', step, 100))).toEqual([0.125, 0.5625, 1, 1]);
    expect(openFraction('shuffled', 0, 100)).toBe(1);
  });
});

describe('scheduleTable', () => {
  it('holds scale, bias corrections and open fraction in float32, and repeats its last row', () => {
    const hyper = { ...raceHyper, curriculum: 'hard-first' } as const;
    const table = scheduleTable(wsd, hyper, 110, 100, 100);
    expect(table).toHaveLength(110 * SCHEDULE_COLUMNS);
    const row = (step: number) => [...table.subarray(step * 4, step * 4 + 4)];
    expect(row(2)).toEqual([0.3, 1 / (1 - 0.9 ** 3), 1 / (1 - 0.95 ** 3), 0.125 + 0.875 * 0.04].map(Math.fround));
    expect(row(109)).toEqual(row(99));
  });
});
